/** An odd number that spreads bits, from the golden ratio. */
const hashFactor = 0x9e3779b1;

/** Counts 32-bit words: a hash table in three arrays, which is cleared at once. */
export class SeenWords {
  /** The number of different words. */
  distinctCount = 0;
  readonly #words: Int32Array;
  readonly #counts: Int32Array;
  /** The slots that are in use have the current round. */
  readonly #rounds: Int32Array;
  readonly #shift: number;
  #round = 1;

  /** @param countMax - the number of words that it may get before it is cleared */
  constructor(countMax: number) {
    const slotCount = 2 ** Math.ceil(Math.log2(2 * countMax));
    this.#words = new Int32Array(slotCount);
    this.#counts = new Int32Array(slotCount);
    this.#rounds = new Int32Array(slotCount);
    this.#shift = 32 - Math.log2(slotCount);
  }

  /** Forgets all words. */
  clear(): void {
    this.#round += 1;
    this.distinctCount = 0;
  }

  /** Adds a word. @returns how often it was added */
  add(word: number): number {
    const last = this.#words.length - 1;
    let slot = Math.imul(word, hashFactor) >>> this.#shift;
    while (this.#rounds[slot] === this.#round) {
      if (this.#words[slot] === word) return ++this.#counts[slot]!;
      slot = slot === last ? 0 : slot + 1;
    }
    this.#rounds[slot] = this.#round;
    this.#words[slot] = word;
    this.distinctCount += 1;
    return (this.#counts[slot] = 1);
  }
}
