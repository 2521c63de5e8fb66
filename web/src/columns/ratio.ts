import type { Measure } from "./bins.ts";

/** A quotient of whole numbers, which is exact; the denominator is positive. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** Sums whole numbers up, exactly. */
export class WholeSum {
  #sum = 0n;

  /** Adds whole numbers; those that are no bigints are safe integers. */
  add(values: Iterable<Measure>): void {
    let part = 0;
    for (const value of values) {
      if (typeof value === "bigint") {
        this.#sum += value;
        continue;
      }
      const next = part + value;
      if (Number.isSafeInteger(next)) part = next;
      else [this.#sum, part] = [this.#sum + BigInt(part), value];
    }
    this.#sum += BigInt(part);
  }

  /** The mean of so many numbers. */
  meanOf(count: number): Ratio {
    return { numerator: this.#sum, denominator: BigInt(count) };
  }
}

/** The nearest whole number; halves go away from zero; pure. */
export function roundRatio({ numerator, denominator }: Ratio): bigint {
  const [size, sign] = numerator < 0n ? [-numerator, -1n] : [numerator, 1n];
  return sign * ((2n * size + denominator) / (2n * denominator));
}
