import { copyLiterals, copyMatch } from "../../arrow/index.ts";

/*
 * Decoding of Snappy's raw format, without a frame, into memory of known size, which nothing is written past. Source:
 * format_description.txt of google/snappy.
 */

/** Kinds of elements, the two low bits of their tag; the fourth has an offset of four bytes. */
const kinds = { literal: 0, nearCopy: 1, copy: 2 };

/**
 * Decodes Snappy's raw format, which must fill `target` exactly.
 *
 * @throws RangeError if the source is not valid
 */
export function decodeSnappy(source: Uint8Array, target: Uint8Array): void {
  let at = 0;
  let filled = 0;
  const readInteger = (byteLength: number): number => {
    if (at + byteLength > source.byteLength) throw malformed();
    let value = 0;
    for (let i = 0; i < byteLength; i++) value += source[at++]! * 2 ** (8 * i);
    return value;
  };
  let length = 0;
  for (let scale = 1, byte = 0x80; byte >= 0x80; scale *= 128) {
    byte = readInteger(1);
    length += (byte & 0x7f) * scale;
    if (length > target.byteLength) throw malformed();
  }
  if (length !== target.byteLength) throw malformed();
  while (at < source.byteLength) {
    const tag = source[at++]!;
    const kind = tag & 3;
    if (kind === kinds.literal) {
      const short = tag >> 2;
      // Lengths from 60 on stand in so many bytes behind the tag.
      const byteLength = 1 + (short < 60 ? short : readInteger(short - 59));
      if (at + byteLength > source.byteLength || filled + byteLength > length) throw malformed();
      copyLiterals(source, at, target, filled, byteLength);
      at += byteLength;
      filled += byteLength;
      continue;
    }
    const byteLength = kind === kinds.nearCopy ? 4 + ((tag >> 2) & 7) : 1 + (tag >> 2);
    const distance =
      kind === kinds.nearCopy ? ((tag >> 5) << 8) + readInteger(1) : readInteger(kind === kinds.copy ? 2 : 4);
    if (distance === 0 || distance > filled || filled + byteLength > length) throw malformed();
    copyMatch(target, filled, distance, byteLength);
    filled += byteLength;
  }
  if (filled !== length) throw malformed();
}

function malformed(): RangeError {
  return new RangeError("the bytes are not Snappy data of the declared length");
}
