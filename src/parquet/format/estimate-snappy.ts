/** The bytes of a reference to earlier bytes, in most cases. */
const copyByteLength = 3;
const copiedBytesMax = 64;
const copiedBytesMin = 4;

/** After so many misses, every second position is looked at, then every third, and so on. */
const missesPerStep = 32;

/** An odd number that spreads bits, from the golden ratio. */
const hashFactor = 0x9e3779b1;
const slotBits = 10;

/** For each hash of four bytes, the last position with it, counted over all calls. */
const positions = new Float64Array(2 ** slotBits).fill(-1);
let firstPosition = 0;

/**
 * Returns about how many bytes Snappy would need for some bytes: it finds the same repetitions, and writes nothing.
 * Source: the Snappy format, and the search of its reference implementation.
 */
export function estimateSnappy(bytes: Uint8Array): number {
  const end = bytes.byteLength;
  let byteLength = 0;
  let literalStart = 0;
  let misses = 0;
  let at = 0;
  while (at + copiedBytesMin <= end) {
    const slot = Math.imul(wordAt(bytes, at), hashFactor) >>> (32 - slotBits);
    const candidate = positions[slot]! - firstPosition;
    positions[slot] = firstPosition + at;
    const copied = candidate < 0 ? 0 : countEqual(bytes, candidate, at);
    if (copied < copiedBytesMin) {
      at += 1 + Math.floor(misses++ / missesPerStep);
      continue;
    }
    byteLength += literalByteLength(at - literalStart) + copyByteLength;
    at += copied;
    literalStart = at;
    misses = 0;
  }
  firstPosition += end;
  return byteLength + literalByteLength(end - literalStart);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

function countEqual(bytes: Uint8Array, first: number, second: number): number {
  const countMax = Math.min(copiedBytesMax, bytes.byteLength - second);
  let count = 0;
  while (count < countMax && bytes[first + count] === bytes[second + count]) count++;
  return count;
}

function literalByteLength(byteLength: number): number {
  if (byteLength === 0) return 0;
  return byteLength + (byteLength <= 60 ? 1 : 2);
}
