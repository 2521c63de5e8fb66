/*
 * Decoding of LZ4 frames, blocks linked or not, into memory of known size, which nothing is written past. Sources: the LZ4 frame format 1.6.3 and the LZ4 block format, of the lz4 project.
 */

const magicNumber = 0x184d2204;
const headerByteLengthMin = 7;
const matchLengthMin = 4;

/** Flags of a frame's descriptor. */
const flag = { version: 0xc0, blockChecksum: 0x10, contentSize: 0x08, contentChecksum: 0x04, dictionaryId: 0x01 };
const version = 0x40;
const isStored = 0x80000000;

/**
 * Decodes one LZ4 frame, which must fill `target` exactly. Checksums are not verified.
 *
 * @throws RangeError if the source is not a valid frame
 */
export function decodeLz4Frame(source: Uint8Array, target: Uint8Array): void {
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  if (source.byteLength < headerByteLengthMin || view.getUint32(0, true) !== magicNumber) throw malformed();
  const flags = source[4]!;
  if ((flags & flag.version) !== version || (flags & flag.dictionaryId) !== 0) throw malformed();
  let at = headerByteLengthMin + (flags & flag.contentSize ? 8 : 0);
  let filled = 0;
  for (;;) {
    const word = view.getUint32(at, true);
    at += 4;
    if (word === 0) break;
    const end = at + (word & ~isStored);
    if (end > source.byteLength) throw malformed();
    const block = source.subarray(at, end);
    filled = word & isStored ? store(block, target, filled) : decodeBlock(block, target, filled);
    at = end + (flags & flag.blockChecksum ? 4 : 0);
  }
  if (filled !== target.byteLength) throw malformed();
}

/** Decodes one LZ4 block, which must fill `target` exactly. @throws RangeError if the source is not a valid block */
export function decodeLz4Block(source: Uint8Array, target: Uint8Array): void {
  if (decodeBlock(source, target, 0) !== target.byteLength) throw malformed();
}

function store(block: Uint8Array, target: Uint8Array, filled: number): number {
  if (filled + block.byteLength > target.byteLength) throw malformed();
  target.set(block, filled);
  return filled + block.byteLength;
}

/** Decodes a block, which may refer to the blocks before it. Returns the end of its output. */
function decodeBlock(block: Uint8Array, target: Uint8Array, start: number): number {
  let at = 0;
  let filled = start;
  /** A length of 15 continues in the following bytes, up to a byte other than 255. */
  const extend = (length: number): number => {
    if (length !== 15) return length;
    for (;;) {
      const byte = block[at++];
      if (byte === undefined) throw malformed();
      length += byte;
      if (byte !== 255) return length;
    }
  };
  while (at < block.byteLength) {
    const token = block[at++]!;
    const literalLength = extend(token >> 4);
    if (at + literalLength > block.byteLength || filled + literalLength > target.byteLength) throw malformed();
    copyLiterals(block, at, target, filled, literalLength);
    at += literalLength;
    filled += literalLength;
    // The last sequence has literals only.
    if (at === block.byteLength) return filled;
    if (at + 2 > block.byteLength) throw malformed();
    const distance = block[at]! | (block[at + 1]! << 8);
    at += 2;
    const matchLength = matchLengthMin + extend(token & 0x0f);
    if (distance === 0 || distance > filled || filled + matchLength > target.byteLength) throw malformed();
    copyMatch(target, filled, distance, matchLength);
    filled += matchLength;
  }
  return filled;
}

/** Below this length in bytes, a loop is faster than a call. */
const shortLength = 32;

/** Copies `length` bytes of a block, from `at`, to where `target` is filled up to. */
export function copyLiterals(block: Uint8Array, at: number, target: Uint8Array, filled: number, length: number): void {
  if (length >= shortLength) target.set(block.subarray(at, at + length), filled);
  else for (let i = 0; i < length; i++) target[filled + i] = block[at + i]!;
}

/** Copies bytes from an earlier position in `target`. If the ranges overlap, the bytes repeat. */
export function copyMatch(target: Uint8Array, filled: number, distance: number, length: number): void {
  const from = filled - distance;
  if (length < shortLength) {
    for (let i = 0; i < length; i++) target[filled + i] = target[from + i]!;
    return;
  }
  // What is there doubles with every copy.
  for (let copied = 0; copied < length;) {
    const count = Math.min(length - copied, distance + copied);
    target.copyWithin(filled + copied, from, from + count);
    copied += count;
  }
}

function malformed(): RangeError {
  return new RangeError("the bytes are not an LZ4 frame of the declared length");
}
