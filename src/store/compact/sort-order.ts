import { setImmediate } from "node:timers/promises";
import { readScalars, readValidity, type ArrayView, type Field, type Scalar } from "../../arrow/index.ts";
import { compareOf, type Compare } from "../../filter/index.ts";

/** The number of comparisons of rows after which other calls get their turn: some milliseconds. */
const rowsPerTurn = 1 << 15;

/** The kinds of types whose values have an order. */
const orderedKinds: ReadonlySet<string> = new Set([
  "bool",
  "int",
  "float",
  "decimal",
  "date",
  "time",
  "timestamp",
  "duration",
  "utf8",
  "large_utf8",
  "binary",
  "large_binary",
  "fixed_size_binary",
]);

/** Returns whether rows can be sorted by a column. */
export function isSortable({ type }: Field): boolean {
  return orderedKinds.has(type.kind);
}

/**
 * Returns the indices of rows in the order of a column. Rows of equal values keep their order. NaN is greater than all
 * numbers, and nulls come last, as in DuckDB.
 *
 * @param column - the column of each batch, without a dictionary; see `isSortable`
 * @param signal - ends a long sort
 */
export async function sortOrder(column: readonly ArrayView[], signal: AbortSignal): Promise<Uint32Array> {
  const values: (Scalar | undefined)[] = [];
  for (const array of column) {
    const [value, isValid] = [readScalars(array), readValidity(array)];
    for (let i = 0; i < array.length; i++) values.push(isValid(i) ? value(i) : undefined);
    await setImmediate(undefined, { signal });
  }
  const sample = values.find((value) => value !== undefined);
  const compare: Compare = sample === undefined ? () => 0 : compareOf(sample);
  const isAfter = (a: number, b: number): boolean => {
    const [left, right] = [values[a], values[b]];
    if (left === undefined || right === undefined) return left === undefined && right !== undefined;
    return compare(left, right) > 0;
  };
  return await mergeSort(values.length, isAfter, signal);
}

/** Sorts in runs, which are merged two at a time. Equal rows keep their order, and other calls get their turn between runs. */
async function mergeSort(
  count: number,
  isAfter: (a: number, b: number) => boolean,
  signal: AbortSignal,
): Promise<Uint32Array> {
  let order = Uint32Array.from({ length: count }, (_, i) => i);
  let target = new Uint32Array(count);
  for (let start = 0; start < count; start += rowsPerTurn) {
    order.subarray(start, start + rowsPerTurn).sort((a, b) => (isAfter(a, b) ? 1 : isAfter(b, a) ? -1 : 0));
    await setImmediate(undefined, { signal });
  }
  for (let width = rowsPerTurn; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const [middle, end] = [Math.min(start + width, count), Math.min(start + 2 * width, count)];
      let [left, right] = [start, middle];
      for (let at = start; at < end; at++) {
        const takesRight = right < end && (left === middle || isAfter(order[left]!, order[right]!));
        target[at] = takesRight ? order[right++]! : order[left++]!;
        if (at % rowsPerTurn === 0) await setImmediate(undefined, { signal });
      }
    }
    [order, target] = [target, order];
  }
  return order;
}
