import { binMax, type Bins, type Measure } from "./bins.ts";

/** Bins that are counted at most, before they are merged into wider ones. */
const countedBinsMax = 4096;

/** Bars that are drawn at most. */
const barsMax = 30;

/** Values from `from` (inclusive) to the next bar's (exclusive), and how many there are. */
export interface Bar {
  readonly from: Measure;
  readonly rowCount: number;
}

/** Bars of one width, each of them filled or not, from that of the least value to that of the greatest. */
export interface Bars {
  readonly bars: readonly Bar[];
  /** Whether every bar stands for one value. */
  readonly isEach: boolean;
}

/**
 * Counts values in bins whose width grows with what has come, so that it takes the same memory for any number of them.
 * Edges are round numbers, and every value is counted exactly where the edges say.
 */
export class Histogram {
  readonly #bins: Bins;
  #counts = new Map<number, number>();
  #level: number | undefined;

  constructor(bins: Bins) {
    this.#bins = bins;
  }

  /** Counts a value that is finite. */
  add(value: Measure): void {
    this.#level ??= this.#bins.levelFor(value);
    let bin = this.#bins.binOf(value, this.#level);
    while (Math.abs(bin) > binMax) {
      this.#merge();
      bin = this.#bins.binOf(value, this.#level);
    }
    this.#counts.set(bin, (this.#counts.get(bin) ?? 0) + 1);
    while (this.#counts.size > countedBinsMax) this.#merge();
  }

  /** What has been counted, in as many bars as are worth drawing; none where nothing has. */
  bars(): Bars {
    const level = this.#level;
    if (level === undefined) return { bars: [], isEach: false };
    let [first, last] = [Infinity, -Infinity];
    for (const bin of this.#counts.keys()) [first, last] = [Math.min(first, bin), Math.max(last, bin)];
    const binsPerBar = this.#binsPerBar(level, first, last);
    const start = Math.floor(first / binsPerBar);
    const counts = Array.from({ length: Math.floor(last / binsPerBar) - start + 1 }, () => 0);
    for (const [bin, count] of this.#counts) counts[Math.floor(bin / binsPerBar) - start]! += count;
    const edgeOf = (i: number): Measure => this.#bins.edgeOf((start + i) * binsPerBar, level);
    return {
      bars: counts.map((rowCount, i) => ({ from: edgeOf(i), rowCount })),
      isEach: this.#bins.isWhole && level === 0 && binsPerBar === 1,
    };
  }

  #binsPerBar(level: number, first: number, last: number): number {
    for (const count of this.#bins.barsOf(level)) {
      if (Math.floor(last / count) - Math.floor(first / count) < barsMax) return count;
    }
    return last - first + 1;
  }

  /** Makes the bins wider by one level. */
  #merge(): void {
    const ratio = this.#bins.ratioOf(this.#level!);
    const merged = new Map<number, number>();
    for (const [bin, count] of this.#counts) {
      const wide = Math.floor(bin / ratio);
      merged.set(wide, (merged.get(wide) ?? 0) + count);
    }
    this.#counts = merged;
    this.#level! += 1;
  }
}
