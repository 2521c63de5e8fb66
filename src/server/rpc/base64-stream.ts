import { FlightError, joinPieces, releaseChunk, toConnectError } from "../../flight/index.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The six bits of each character of the alphabet, by its code; -1 for any other byte. */
const sextets = new Int8Array(256).fill(-1);
for (const [value, character] of [...alphabet].entries()) sextets[character.charCodeAt(0)] = value;

const padding = "=".charCodeAt(0);

/** The number of characters for three bytes. */
const quantumLength = 4;

/**
 * Decodes a base64 stream while it arrives. At most three characters are kept. The stream may consist of several base64
 * texts, so padding may be anywhere. Source: PROTOCOL-WEB of gRPC, RFC 4648, section 4.
 *
 * @throws ConnectError INVALID_ARGUMENT if a character is not in the alphabet (including line breaks), if padding is
 * misplaced, or if the length is not a multiple of four characters
 */
export async function* decodeBase64Stream(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = new Uint8Array(0);
  for await (const chunk of chunks) {
    const text = rest.byteLength === 0 ? chunk : joinPieces([rest, chunk]);
    const end = text.byteLength - (text.byteLength % quantumLength);
    rest = text.slice(end);
    if (end > 0) yield decodeQuanta(text.subarray(0, end));
  }
  if (rest.byteLength > 0) throw notBase64("its length is not a multiple of four characters");
}

/** @param text - complete groups of four characters, which may be padded */
function decodeQuanta(text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array((text.byteLength / quantumLength) * 3);
  let length = 0;
  for (let at = 0; at < text.byteLength; at += quantumLength) {
    const paddingCount = countPadding(text, at);
    const third = paddingCount > 1 ? 0 : sextets[text[at + 2]!]!;
    const fourth = paddingCount > 0 ? 0 : sextets[text[at + 3]!]!;
    const bits = (sextets[text[at]!]! << 18) | (sextets[text[at + 1]!]! << 12) | (third << 6) | fourth;
    // An invalid character has the value -1, so all bits are set and the result is negative.
    if (bits < 0) throw notBase64("it has a character outside of the base64 alphabet, or misplaced padding");
    bytes[length] = bits >> 16;
    bytes[length + 1] = bits >> 8;
    bytes[length + 2] = bits;
    length += 3 - paddingCount;
  }
  return bytes.subarray(0, length);
}

function countPadding(text: Uint8Array, at: number): 0 | 1 | 2 {
  if (text[at + 3] !== padding) return 0;
  return text[at + 2] === padding ? 2 : 1;
}

/** Connect forwards only its own errors to a client. */
function notBase64(why: string): Error {
  return toConnectError(new FlightError("invalid_argument", `the request's body is not base64: ${why}`));
}

/**
 * Encodes each chunk as a separate, padded base64 text, so that no byte waits for the next chunk. The memory of a chunk
 * is released after it was encoded.
 */
export async function* encodeBase64Stream(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    const text = encodeBase64(chunk);
    releaseChunk(chunk);
    yield text;
  }
}

/** Encodes bytes as base64 with padding, in ASCII. */
export function encodeBase64(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  return Buffer.from(text, "latin1");
}
