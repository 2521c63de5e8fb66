import type { ValueHash } from "./value-hash.ts";

const slotCountMin = 64;

/** Numbers the different hashes that it is given, from 0, in the order in which they come. Open addressing. */
export class HashTable {
  #hashes = new Float64Array(slotCountMin).fill(-1);
  #numbers = new Int32Array(slotCountMin);
  /** How many different hashes there are. */
  size = 0;

  /** The number of a hash; -1 where it has none. */
  find(hash: ValueHash): number {
    const mask = this.#hashes.length - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const met = this.#hashes[at]!;
      if (met === hash) return this.#numbers[at]!;
      if (met === -1) return -1;
    }
  }

  /** Gives a hash that has none its number. */
  insert(hash: ValueHash): number {
    if (2 * this.size >= this.#hashes.length) this.#grow();
    this.#place(hash, this.size);
    return this.size++;
  }

  /** All hashes, in no order. */
  *[Symbol.iterator](): Generator<ValueHash> {
    for (const hash of this.#hashes) if (hash !== -1) yield hash;
  }

  #place(hash: ValueHash, number: number): void {
    const mask = this.#hashes.length - 1;
    let at = hash & mask;
    while (this.#hashes[at] !== -1) at = (at + 1) & mask;
    this.#hashes[at] = hash;
    this.#numbers[at] = number;
  }

  #grow(): void {
    const [hashes, numbers] = [this.#hashes, this.#numbers];
    this.#hashes = new Float64Array(2 * hashes.length).fill(-1);
    this.#numbers = new Int32Array(2 * hashes.length);
    hashes.forEach((hash, at) => hash !== -1 && this.#place(hash, numbers[at]!));
  }
}
