import { binMax, type Bins, type Measure } from "./bins.ts";

/** Bins from the first to the last that is filled, before they are merged into wider ones; more than bars, however wide. */
const windowSize = 4096;

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
  #counts = new Float64Array(windowSize);
  /** The bin that is counted first in `#counts`; undefined until one is filled. */
  #base: number | undefined;
  #level = 0;
  #binOf: ReturnType<Bins["binsAt"]> = () => 0;

  constructor(bins: Bins) {
    this.#bins = bins;
  }

  /** Counts a value that is finite. */
  add(value: Measure): void {
    if (this.#base === undefined) this.#setLevel(this.#bins.levelFor(value));
    for (;;) {
      const bin = this.#binOf(value);
      const at = bin - (this.#base ?? NaN);
      if (at >= 0 && at < windowSize) {
        this.#counts[at]! += 1;
        return;
      }
      if (!this.#reach(bin)) this.#merge();
    }
  }

  /** What has been counted, in as many bars as are worth drawing; none where nothing has. */
  bars(): Bars {
    if (this.#base === undefined) return { bars: [], isEach: false };
    const [level, { first, last }] = [this.#level, this.#filled()];
    const binsPerBar = this.#binsPerBar(level, first, last);
    const start = Math.floor(first / binsPerBar);
    const counts = Array.from({ length: Math.floor(last / binsPerBar) - start + 1 }, () => 0);
    for (let bin = first; bin <= last; bin++) {
      counts[Math.floor(bin / binsPerBar) - start]! += this.#counts[bin - this.#base]!;
    }
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

  /** The first and the last bin that have a value. */
  #filled(): { first: number; last: number } {
    const base = this.#base!;
    const isFilled = (count: number): boolean => count > 0;
    return { first: base + this.#counts.findIndex(isFilled), last: base + this.#counts.findLastIndex(isFilled) };
  }

  /** Moves the window so that it has a bin too; false where the bins are too narrow for that. */
  #reach(bin: number): boolean {
    if (Math.abs(bin) > binMax) return false;
    const { first, last } = this.#base === undefined ? { first: bin, last: bin } : this.#filled();
    const [from, to] = [Math.min(first, bin), Math.max(last, bin)];
    if (to - from >= windowSize) return false;
    const base = from - Math.floor((windowSize - (to - from)) / 2);
    const counts = new Float64Array(windowSize);
    if (this.#base !== undefined) {
      counts.set(this.#counts.subarray(first - this.#base, last + 1 - this.#base), first - base);
    }
    [this.#counts, this.#base] = [counts, base];
    return true;
  }

  /** Makes the bins wider by one level. */
  #merge(): void {
    const ratio = this.#bins.ratioOf(this.#level);
    this.#setLevel(this.#level + 1);
    if (this.#base === undefined) return;
    const [counts, base] = [this.#counts, this.#base];
    this.#counts = new Float64Array(windowSize);
    this.#base = Math.floor(base / ratio);
    counts.forEach((count, i) => (this.#counts[Math.floor((base + i) / ratio) - this.#base!]! += count));
  }

  #setLevel(level: number): void {
    this.#level = level;
    this.#binOf = this.#bins.binsAt(level);
  }
}
