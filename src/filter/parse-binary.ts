import { countWords, shorten } from "../flight/index.ts";

/** The parsed bytes of a text, or the reason why it is not valid. */
export type ParsedBinary =
  { readonly bytes: Uint8Array; readonly problem?: never } | { readonly problem: string; readonly bytes?: never };

const hexDigits = /^(?:[0-9a-fA-F]{2})*$/;
const uuid = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const uuidByteLength = 16;

/**
 * Parses bytes: `0x01ff`, `text:red` for the bytes of a text in UTF-8, base64 as in docs/rows.md, `base64:` followed by base64, or a UUID for 16 bytes. Text that
 * could be hexadecimal or base64 is refused, because a wrong guess would match nothing without an error.
 *
 * @param byteWidth - the required number of bytes, if the type has one
 */
export function parseBinary(text: string, byteWidth?: number): ParsedBinary {
  const parsed = readNotation(text, byteWidth);
  if (parsed.bytes === undefined || byteWidth === undefined || parsed.bytes.byteLength === byteWidth) return parsed;
  const { byteLength } = parsed.bytes;
  return { problem: `it has ${countWords(byteLength, "byte")}, not ${byteWidth}` };
}

function readNotation(text: string, byteWidth: number | undefined): ParsedBinary {
  if (byteWidth === uuidByteLength && uuid.test(text)) return { bytes: fromHex(text.replaceAll("-", "")) };
  if (/^0[xX]/.test(text)) {
    const digits = text.slice(2);
    return hexDigits.test(digits)
      ? { bytes: fromHex(digits) }
      : { problem: "0x must be followed by pairs of hexadecimal digits" };
  }
  if (text.startsWith("text:")) return { bytes: new TextEncoder().encode(text.slice("text:".length)) };
  const isMarked = text.startsWith("base64:");
  const bytes = fromBase64(isMarked ? text.slice("base64:".length) : text);
  if (bytes === undefined)
    return {
      problem: `it is neither 0x and hexadecimal, nor base64; the bytes of a text are 'text:${shorten(text, 40)}'`,
    };
  if (!isMarked && isAmbiguous(text, bytes, byteWidth)) {
    return { problem: `it is ambiguous: write '0x${text}' or 'base64:${text}'` };
  }
  return { bytes };
}

/** Whether a text of base64 is hexadecimal as well, and no width decides; many A alone are bytes of zero, as rows have them. */
function isAmbiguous(text: string, bytes: Uint8Array, byteWidth: number | undefined): boolean {
  if (!hexDigits.test(text) || /^A*$/.test(text)) return false;
  return byteWidth === undefined || (byteWidth !== bytes.byteLength && byteWidth === text.length / 2);
}

function fromHex(digits: string): Uint8Array {
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** Bytes of the one text in base64 that they have, with its padding; undefined for any other text. */
function fromBase64(text: string): Uint8Array | undefined {
  try {
    const characters = atob(text);
    if (btoa(characters) !== text) return undefined;
    return Uint8Array.from(characters, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
