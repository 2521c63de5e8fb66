import { describe, expect, test } from "vitest";
import {
  isShared,
  planSlice,
  planWindow,
  readStart,
  type Slice,
  type SlicePlanInput,
} from "../../../../src/parquet/read/read-plan.ts";

const mebi = 1024 * 1024;
const plenty = 256 * mebi;

/** Row groups of so many rows, of 100 bytes each. */
const groupsOf = (...rowCounts: number[]) => rowCounts.map((rowCount) => ({ rowCount, byteLength: rowCount * 100 }));
const spansOf = (...rowCounts: number[]) => planWindow(groupsOf(...rowCounts), {});

/** All slices of a file whose rows really take `rowBytes`. */
function planAll(rowGroups: Parameters<typeof planWindow>[0], rowBytes: number): Slice[] {
  const slices: Slice[] = [];
  const spans = planWindow(rowGroups, {});
  let input: SlicePlanInput = {
    spans,
    position: readStart,
    measured: undefined,
    freeBytes: plenty,
    columnCount: 10,
  };
  for (let planned = planSlice(input); planned; planned = planSlice(input)) {
    const { slice, next } = planned;
    slices.push(slice);
    const measured = { rowCount: slice.rowCount, byteLength: slice.rowCount * rowBytes };
    input = { ...input, position: next, measured };
  }
  return slices;
}

describe("planning what is decoded", () => {
  test.each([
    ["no row group", groupsOf()],
    ["row groups without rows", groupsOf(0, 0)],
    ["one row", groupsOf(1)],
    ["usual row groups", groupsOf(160_000, 160_000, 31)],
    ["rows between empty row groups", groupsOf(0, 5, 0, 7, 0)],
    ["one row group of 40 million rows", groupsOf(40_000_000)],
    ["many small row groups", groupsOf(...Array.from({ length: 500 }, (_, i) => 900 + (i % 7)))],
    ["small row groups around a large one", groupsOf(5, 0, 6, 400_000, 7, 8, 200_000, 9)],
  ])("every row once and in order: %s", (_, rowGroups) => {
    const slices = planAll(rowGroups, 100);
    const covered = rowGroups.map(() => 0);
    let last = 0;
    for (const { rowGroupIndices, rowStart, rowCount } of slices) {
      expect(rowCount).toBeGreaterThan(0);
      let rest = rowCount;
      for (const [i, rowGroupIndex] of rowGroupIndices.entries()) {
        expect(rowGroupIndex).toBeGreaterThanOrEqual(last);
        expect(covered[rowGroupIndex]).toBe(i === 0 ? rowStart : 0);
        // Of several, each is whole.
        const taken = rowGroupIndices.length === 1 ? rowCount : rowGroups[rowGroupIndex]!.rowCount;
        covered[rowGroupIndex]! += taken;
        rest -= taken;
        last = rowGroupIndex;
      }
      expect(rest).toBe(0);
    }
    expect(covered).toEqual(rowGroups.map(({ rowCount }) => rowCount));
  });

  test("small row groups are decoded many at a time, and not more than fits into a slice", () => {
    const slices = planAll(groupsOf(...Array.from({ length: 3000 }, () => 1000)), 100);
    expect(slices.length).toBeLessThan(30);
    expect(Math.max(...slices.map(({ rowCount }) => rowCount * 100))).toBeLessThanOrEqual(16 * mebi);
  });

  test("a part of a row group is decoded without the row groups behind it", () => {
    const spans = planWindow(groupsOf(1000, 1000, 1000, 1000), { offset: 1, limit: 3500 });
    const measured = { rowCount: 10_000, byteLength: 1_000_000 };
    const taken: (readonly number[])[] = [];
    let position = readStart;
    for (let planned; (planned = planSlice({ spans, position, measured, freeBytes: plenty, columnCount: 10 }));) {
      taken.push(planned.slice.rowGroupIndices);
      position = planned.next;
    }
    expect(taken).toEqual([[0], [1, 2], [3]]);
  });

  test("the first slice is small, those behind it are not", () => {
    const [first, second, third] = planAll(groupsOf(160_000, 160_000), 100);
    expect(first!.rowCount * 100).toBeLessThanOrEqual(256 * 1024);
    expect(second!.rowCount).toBeGreaterThan(20_000);
    expect(third!.rowCount * 100).toBeGreaterThan(8 * mebi);
  });

  test("slices of wide files are larger, the first one too, and whole row groups", () => {
    const input = { spans: spansOf(160_000, 160_000), position: readStart, measured: undefined };
    const { slice } = planSlice({ ...input, freeBytes: plenty, columnCount: 1000 })!;
    // Encoded, a row takes 100 bytes, but 1,000 values take 8 bytes each in Arrow.
    expect(slice).toMatchObject({ rowStart: 0, rowCount: 2048, isWhole: false });
    const wide = planWindow([{ rowCount: 2000, byteLength: 16_000_000 }], {});
    expect(planSlice({ ...input, spans: wide, freeBytes: plenty, columnCount: 1000 })!.slice).toMatchObject({
      rowCount: 2000,
      isWhole: true,
    });
    expect(planSlice({ ...input, spans: wide, freeBytes: mebi, columnCount: 1000 })!.slice.rowCount).toBe(32);
  });

  test("row groups of thousands of columns are decoded whole, within the limit of all readers", () => {
    const spans = planWindow([{ rowCount: 950, byteLength: 32 * mebi }], {});
    const rowsOf = (freeBytes: number, measured?: SlicePlanInput["measured"]): number =>
      planSlice({ spans, position: readStart, measured, freeBytes, columnCount: 5000 })!.slice.rowCount;
    const measured = { rowCount: 950, byteLength: 33 * mebi };
    expect([rowsOf(128 * mebi), rowsOf(128 * mebi, measured)]).toEqual([950, 950]);
    expect(rowsOf(62 * mebi, measured)).toBe(950);
    expect(rowsOf(8 * mebi, measured)).toBeLessThan(130);
  });

  test("large row groups, which may have no page indexes, are read in fewer slices", () => {
    const sizes = (rowCount: number): number[] => planAll(groupsOf(rowCount), 100).map((slice) => slice.rowCount * 100);
    expect(Math.max(...sizes(400_000))).toBeLessThan(25 * mebi);
    expect(Math.max(...sizes(4_000_000))).toBeGreaterThan(50 * mebi);
    expect(Math.max(...sizes(40_000_000))).toBeLessThan(81 * mebi);
  });

  test("slices that cost most of their row group are as large as they may be", () => {
    const measured = { rowCount: 100_000, byteLength: 10_000_000, isCostly: true };
    const input = { spans: spansOf(4_000_000), position: readStart, measured };
    const sizeOf = (freeBytes: number): number =>
      planSlice({ ...input, freeBytes, columnCount: 10 })!.slice.rowCount * 100;
    expect(sizeOf(plenty)).toBeGreaterThan(60 * mebi);
    expect(sizeOf(10 * mebi)).toBeLessThanOrEqual(10 * mebi);
    expect(sizeOf(-10 * mebi)).toBeGreaterThan(mebi);
  });

  test("rows that are far larger than the footer says cost one small slice", () => {
    const [first, second] = planAll([{ rowCount: 10_000_000, byteLength: 10_000_000 }], 10_000);
    expect(first!.rowCount).toBeLessThanOrEqual(8192);
    expect(second!.rowCount * 10_000).toBeLessThanOrEqual(16 * mebi);
  });

  test("rows that turn out smaller make slices grow in steps", () => {
    const [first, second] = planAll([{ rowCount: 10_000_000, byteLength: 10_000_000_000 }], 1);
    expect(second!.rowCount).toBeLessThanOrEqual(16 * first!.rowCount);
  });

  test("while others hold what may be held, slices are small but not none", () => {
    const measured = { rowCount: 1000, byteLength: 1000 * 1000 };
    const planned = planSlice({
      spans: spansOf(1_000_000),
      position: readStart,
      measured,
      freeBytes: -5 * mebi,
      columnCount: 10,
    });
    expect(planned!.slice.rowCount * 1000).toBeLessThanOrEqual(2 * mebi);
    expect(planned!.slice.rowCount).toBeGreaterThan(1000);
  });

  test("while others hold far more than may be held, slices are as small as the first one", () => {
    const measured = { rowCount: 1000, byteLength: 1000 * 1000 };
    const input = { spans: spansOf(1_000_000), position: readStart, measured };
    const planned = planSlice({ ...input, freeBytes: -129 * mebi, columnCount: 10 });
    expect(planned!.slice.rowCount * 1000).toBeLessThanOrEqual(mebi / 4);
    expect(planned!.slice.rowCount).toBeGreaterThan(200);
  });

  test("a small rest of a row group is decoded along", () => {
    const measured = { rowCount: 100_000, byteLength: 10_000_000 };
    const planned = planSlice({
      spans: spansOf(180_000),
      position: readStart,
      measured,
      freeBytes: plenty,
      columnCount: 10,
    });
    expect(planned!.slice.rowCount).toBe(180_000);
  });

  test("batches are about 2 MiB, and one row where rows are larger", () => {
    const batchRows = (rowBytes: number): number => {
      const measured = { rowCount: 10_000, byteLength: 10_000 * rowBytes };
      const input = {
        spans: spansOf(1_000_000),
        position: readStart,
        measured,
        freeBytes: plenty,
        columnCount: 10,
      };
      return planSlice(input)!.slice.batchRowCount;
    };
    expect(batchRows(100)).toBe(Math.floor((2 * mebi) / 100));
    expect(batchRows(5 * mebi)).toBe(1);
  });
});

describe("a small read of one row group", () => {
  test.each([
    ["in two halves", [24_000], [12_000, 12_000]],
    ["of one page of our files, as usual", [16_000], [2_621, 13_379]],
    ["up to the end of a page of our files", [36_000], [20_000, 16_000]],
    ["and another one, as usual", [8_000, 8_000], [2_621, 5_379, 8_000]],
    ["of few bytes, as usual", [4_000], [2_621, 1_379]],
  ])("%s", (_what, rowCounts, expected) => {
    expect(planAll(groupsOf(...rowCounts), 100).map(({ rowCount }) => rowCount)).toEqual(expected);
  });

  test("is decoded by two workers at once", () => {
    expect(isShared(spansOf(36_000))).toBe(true);
    expect(isShared(spansOf(36_000, 10))).toBe(false);
    expect(isShared(planWindow(groupsOf(36_000), { limit: 20_000 }))).toBe(false);
    expect(isShared(spansOf(4_000))).toBe(false);
    expect(isShared(spansOf(60_000))).toBe(false);
    expect(isShared([])).toBe(false);
  });
});
