import { expect, test } from "vitest";
import { planWindow, type RowWindow } from "../../../../src/parquet/read/read-plan.ts";

/** Row groups of these many rows, of ten bytes each. */
const groupsOf = (rowCounts: readonly number[]) =>
  rowCounts.map((rowCount) => ({ rowCount, byteLength: 10 * rowCount }));

/** The rows of a plan, counted over the whole file. */
function rowsOf(all: readonly number[], window: RowWindow): number[] {
  const spans = planWindow(groupsOf(all), window);
  expect(spans.every(({ rowCount, byteLength }) => rowCount > 0 && byteLength === 10 * rowCount)).toBe(true);
  const firsts = all.map((_, i) => all.slice(0, i).reduce((sum, rowCount) => sum + rowCount, 0));
  const rows = spans.flatMap(({ rowGroupIndex, rowStart, rowCount }) =>
    Array.from({ length: rowCount }, (_, i) => firsts[rowGroupIndex]! + rowStart + i),
  );
  return rows;
}

const offsets = [undefined, 0, 1, 2, 3, 5, 6, Number.MAX_SAFE_INTEGER];
const limits = [undefined, 0, 1, 2, 4, 7, Number.MAX_SAFE_INTEGER];

test.each([[[]], [[0]], [[3]], [[2, 3]], [[1, 0, 4]], [[0, 2, 0, 0, 1, 2, 0]]])(
  "of row groups of %j rows, every window has its own",
  (rowCounts) => {
    const all = rowCounts.flatMap((rowCount: number) => Array.from({ length: rowCount })).map((_, row) => row);
    for (const offset of offsets) {
      for (const limit of limits) {
        const expected = all.slice(offset ?? 0).slice(0, limit ?? all.length);
        expect(rowsOf(rowCounts, { offset, limit }), `offset ${offset}, limit ${limit}`).toEqual(expected);
      }
    }
  },
);
