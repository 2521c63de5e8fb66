import type { ByteRange } from "./pieced-bytes.ts";

/** Returns the length of a bitmap in bytes. */
export const bitmapByteLength = (bitCount: number): number => Math.ceil(bitCount / 8);

/**
 * Copies bits to the start of `target`, which has `bitmapByteLength(bitCount)` bytes; bits behind the last one
 * become 0.
 */
export function copyBits(source: ByteRange, bitOffset: number, bitCount: number, target: Uint8Array): void {
  if (bitCount === 0) return;
  const byteOffset = Math.floor(bitOffset / 8);
  const shift = bitOffset % 8;
  source.copyTo(target, byteOffset);
  if (shift !== 0) {
    const last = new Uint8Array(1);
    const hasNext = byteOffset + target.byteLength < bitmapByteLength(bitOffset + bitCount);
    if (hasNext) source.copyTo(last, byteOffset + target.byteLength);
    for (let i = 0; i < target.byteLength; i++) {
      const next = i + 1 < target.byteLength ? target[i + 1]! : last[0]!;
      target[i] = (target[i]! >> shift) | (next << (8 - shift));
    }
  }
  const tailBits = bitCount % 8;
  if (tailBits !== 0) target[target.byteLength - 1]! &= (1 << tailBits) - 1;
}

/** How many bits are set. */
export function countBits(bitmap: Uint8Array): number {
  let count = 0;
  for (let byte of bitmap) {
    byte -= (byte >> 1) & 0x55;
    byte = (byte & 0x33) + ((byte >> 2) & 0x33);
    count += (byte + (byte >> 4)) & 0x0f;
  }
  return count;
}
