import type { Scalar } from "../arrow/index.ts";

/**
 * Compares two values of one type. The result is negative if the first is less, positive if it is greater. Strings and
 * binaries are compared by bytes. False is less than true. NaN is equal to itself and greater than all numbers, and -0
 * is equal to 0, as in PostgreSQL and DuckDB. A number and a bigint compare exactly.
 */
export type Compare = (a: Scalar, b: Scalar) => number;

/** How the values of a kind of scalar compare. */
export function compareOf(sample: Scalar): Compare {
  if (typeof sample === "number") return compareNumbers as Compare;
  return sample instanceof Uint8Array ? (compareBytes as Compare) : (compareOrdered as Compare);
}

/** Compares any two values that `compareFields` makes comparable. */
export const compareAny: Compare = (a, b) =>
  a instanceof Uint8Array ? compareBytes(a, b as Uint8Array) : compareNumbers(a as number, b as number);

function compareNumbers(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

function compareOrdered(a: bigint | boolean, b: bigint | boolean): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const sharedLength = Math.min(a.byteLength, b.byteLength);
  for (let i = 0; i < sharedLength; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.byteLength - b.byteLength;
}
