import { DistinctCounter, type DistinctBudget, type DistinctCount } from "./distinct-counter.ts";
import { HashTable } from "./hash-table.ts";
import type { ValueHash } from "./value-hash.ts";

/** A value, or what it begins with, and how many rows have it. */
export interface CountedText {
  readonly text: string;
  /** Whether the value goes on behind the text. */
  readonly isCut: boolean;
  readonly rowCount: number;
}

/** What is kept of values: how often at most so many different ones occur, and so many bytes of them all. */
export interface CountLimits {
  readonly countedMax: number;
  readonly bytesMax: number;
  readonly distinct: DistinctBudget;
}

/** Bytes that are kept of a value, and of one that comes when all together have taken what they may. */
export const keptBytesMax = 1024;
const briefBytesMax = 80;

/**
 * Counts how often values occur, by their hashes. It counts a limited number of different ones: those that are met first,
 * each of them exactly.
 */
export class ValueCounts {
  readonly #limits: CountLimits;
  readonly #table = new HashTable();
  readonly #rowCounts: number[] = [];
  readonly #kept: { readonly text: string; readonly isCut: boolean }[] = [];
  readonly #distinct: DistinctCounter;
  #byteCount = 0;
  /** Whether there are more different values than are counted. */
  hasMore = false;

  constructor(limits: CountLimits) {
    this.#limits = limits;
    this.#distinct = new DistinctCounter(limits.distinct);
  }

  /** How many different values there are. */
  get distinct(): DistinctCount {
    return this.#distinct.count;
  }

  /**
   * Counts a value.
   *
   * @param keep - the beginning of the value, of so many bytes at most; called for values that are met first
   * @returns whether the value has not been counted before
   */
  add(hash: ValueHash, keep: (byteLengthMax: number) => { text: string; isCut: boolean }): boolean {
    const number = this.#table.find(hash);
    if (number >= 0) {
      this.#rowCounts[number]! += 1;
      return false;
    }
    this.#distinct.add(hash);
    if (this.#table.size === this.#limits.countedMax) {
      this.hasMore = true;
      return true;
    }
    const kept = keep(this.#byteCount < this.#limits.bytesMax ? keptBytesMax : briefBytesMax);
    this.#byteCount += kept.text.length;
    this.#table.insert(hash);
    this.#rowCounts.push(1);
    this.#kept.push(kept);
    return true;
  }

  /** The most frequent ones, the first of which is the most frequent. */
  top(count: number): readonly CountedText[] {
    const ranked = this.#rowCounts.map((rowCount, i) => ({ ...this.#kept[i]!, rowCount }));
    return ranked.sort((a, b) => b.rowCount - a.rowCount).slice(0, count);
  }
}
