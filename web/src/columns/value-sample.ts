import { createRandom } from "../api/random.ts";

/** The part of the values below a quantile, and the quantile. */
export interface Quantile {
  readonly share: number;
  readonly value: number;
}

/** Quantiles that are told of a column. */
const shares = [0.05, 0.25, 0.5, 0.75, 0.95];

/**
 * Draws numbers at random, each as likely as any other; the same ones every time. The numbers that are passed over cost
 * nothing. Source: Li, "Reservoir-Sampling Algorithms of Time Complexity O(n(1+log(N/n)))", algorithm L.
 */
export class ValueSample {
  #values: Float64Array;
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
  add(values: ArrayLike<number>, length: number): void {
    const end = this.count + length;
    let taken = 0;
    for (; this.count < this.sizeMax && taken < length; taken++) {
      if (this.count === this.#values.length) this.#grow();
      this.#values[this.count++] = values[taken]!;
    }
    for (; this.#next < end; this.#skip()) {
      this.#values[Math.floor(this.#random() * this.sizeMax)] = values[length - (end - this.#next)]!;
    }
    this.count = end;
  }

  /** Whether all numbers are in the sample. */
  get isWhole(): boolean {
    return this.count <= this.sizeMax;
  }

  /** Quantiles of the sample, with values between two numbers where one falls between them; none of no numbers. */
  quantiles(): readonly Quantile[] {
    const sorted = this.#values.slice(0, this.count).sort();
    if (sorted.length === 0) return [];
    return shares.map((share) => ({ share, value: quantileOf(sorted, share) }));
  }

  #skip(): void {
    this.#weight *= Math.exp(Math.log(this.#random() || Number.MIN_VALUE) / this.sizeMax);
    this.#next += Math.floor(Math.log(this.#random() || Number.MIN_VALUE) / Math.log(1 - this.#weight)) + 1;
  }

  #grow(): void {
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
