import { createRandom } from "../api/random.ts";
import type { Measure } from "./bins.ts";

/** A quantile: between two numbers, and so many hundredths from the lower to the higher one. */
export interface Quantile {
  /** The part of the numbers below it, in percent. */
  readonly percent: number;
  readonly low: Measure;
  readonly high: Measure;
  readonly hundredths: number;
}

/** Quantiles that are told of a column, in percent. */
const percents = [5, 25, 50, 75, 95];

/**
 * Draws numbers at random, each as likely as any other; the same ones every time. The numbers that are passed over cost
 * nothing. Source: Li, "Reservoir-Sampling Algorithms of Time Complexity O(n(1+log(N/n)))", algorithm L.
 */
export class ValueSample {
  /** A list once there has been a bigint. */
  #values: Float64Array | Measure[];
  readonly sizeMax: number;
  readonly #random = createRandom();
  #weight = 1;
  #next: number;
  /** Numbers that have been drawn from. */
  count = 0;

  constructor(sizeMax: number) {
    this.sizeMax = sizeMax;
    this.#values = new Float64Array(Math.min(64, sizeMax));
    this.#next = sizeMax - 1;
    this.#skip();
  }

  /** Draws from the first `length` numbers of an array. */
  add(values: ArrayLike<Measure>, length: number): void {
    if (typeof values[0] === "bigint" && !Array.isArray(this.#values)) this.#values = [...this.#values];
    const end = this.count + length;
    let taken = 0;
    for (; this.count < this.sizeMax && taken < length; taken++) {
      if (this.count === this.#values.length) this.#grow();
      (this.#values as Measure[])[this.count++] = values[taken]!;
    }
    for (; this.#next < end; this.#skip()) {
      (this.#values as Measure[])[Math.floor(this.#random() * this.sizeMax)] = values[length - (end - this.#next)]!;
    }
    this.count = end;
  }

  /** Whether all numbers are in the sample. */
  get isWhole(): boolean {
    return this.count <= this.sizeMax;
  }

  /** Quantiles of the sample, as numpy and DuckDB's `quantile_cont` have them; none of no numbers. */
  quantiles(): readonly Quantile[] {
    const values = this.#values.slice(0, this.count);
    if (values.length === 0) return [];
    const sorted = Array.isArray(values) ? values.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) : values.sort();
    return percents.map((percent) => {
      const place = percent * (sorted.length - 1);
      const below = Math.floor(place / 100);
      const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
      return { percent, low, high, hundredths: place % 100 };
    });
  }

  #skip(): void {
    this.#weight *= Math.exp(Math.log(this.#random() || Number.MIN_VALUE) / this.sizeMax);
    this.#next += Math.floor(Math.log(this.#random() || Number.MIN_VALUE) / Math.log(1 - this.#weight)) + 1;
  }

  #grow(): void {
    if (Array.isArray(this.#values)) return;
    const values = new Float64Array(Math.min(this.sizeMax, 2 * this.#values.length));
    values.set(this.#values);
    this.#values = values;
  }
}

/** A quantile of sorted numbers, linear between two of them, as numpy and DuckDB's `quantile_cont` have it; pure. */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  return low + (high - low) * (place - below);
}
