/**
 * A hash of a value: a whole number of 53 bits, which a float holds exactly. Two of ten thousand different values have the
 * same one once in 180 million columns. Every bit of a value reaches every bit of the hash, as the count of distinct values
 * needs: -1.5 and 1.5 differ by one bit. Source: cyrb53 for the bytes, MurmurHash3 (x86, 128 bits) for the rest.
 */
export type ValueHash = number;

const [seedA, seedB] = [0xdeadbeef, 0x41c6ce57];

/** The hash of bytes from `start` (inclusive) to `end` (exclusive); pure. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): ValueHash {
  let [a, b] = [seedA, seedB];
  for (let i = start; i < end; i++) {
    a = Math.imul(a ^ bytes[i]!, 2_654_435_761);
    b = Math.imul(b ^ bytes[i]!, 1_597_334_677);
  }
  return finish(a ^ (end - start), b);
}

/** The hash of a text; pure. */
export function hashText(text: string): ValueHash {
  let [a, b] = [seedA, seedB];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2_654_435_761);
    b = Math.imul(b ^ unit, 1_597_334_677);
  }
  return finish(a ^ text.length, b);
}

const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);

/** The hash of a number: the same for both zeros; pure. */
export function hashNumber(value: number): ValueHash {
  number[0] = value + 0;
  return finish(seedA ^ spread(words[0]!), seedB ^ spread(words[1]!));
}

/** The hash of an integer: that of the number where it is one exactly; pure. */
export function hashInteger(value: bigint): ValueHash {
  const near = Number(value);
  return Number.isSafeInteger(near) ? hashNumber(near) : hashText(value.toString(36));
}

/** MurmurHash3's step for a word of input. */
function spread(word: number): number {
  const product = Math.imul(word, 0x239b961b);
  return Math.imul((product << 15) | (product >>> 17), 0xab0e9789);
}

function finish(left: number, right: number): ValueHash {
  const sum = left + right;
  const [a, b] = [mix(sum), mix(right + sum)];
  const low = a + b;
  return 2 ** 32 * ((low + b) & 0x1f_ffff) + (low >>> 0);
}

/** MurmurHash3's `fmix32`. */
function mix(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
