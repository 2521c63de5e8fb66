import { expect, test } from "vitest";
import { areDeltasSkipped } from "../../../../src/parquet/format/delta-values.ts";

/** A header of so many values in blocks, the first value 0, and what stands behind it. */
const header = (block: number[], miniblocks: number, count: number, ...rest: number[]): Uint8Array =>
  Uint8Array.of(...block, miniblocks, count, 0, ...rest);

const of128 = [0x80, 1];
const of256 = [0x80, 2];
const of2048 = [0x80, 16];
/** A least delta of 2^26, and one of 2^25. */
const delta26 = [0x80, 0x80, 0x80, 0x40];
const delta25 = [0x80, 0x80, 0x80, 0x20];

test.each<[title: string, values: Uint8Array, int32: boolean, int64: boolean]>([
  ["no values", new Uint8Array(0), true, true],
  ["a count of none", header(of2048, 8, 0), true, true],
  ["miniblocks of 32", header(of128, 4, 2, 2, 0, 0, 0, 0), true, true],
  ["miniblocks of 64", header(of256, 4, 2, 2, 0, 0, 0, 0), true, true],
  ["miniblocks of 128", header(of128, 1, 2, 2, 0), false, false],
  ["miniblocks of 256", header(of2048, 8, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0), false, false],
  ["one value in miniblocks of 256", header(of2048, 8, 1), false, false],
  ["equal deltas that overflow together", header(of128, 4, 33, ...delta26, 0, 0, 0, 0), false, true],
  ["equal deltas that just do not", header(of128, 4, 33, ...delta25, 0, 0, 0, 0), true, true],
  ["few enough of them", header(of128, 4, 10, ...delta26, 0, 0, 0, 0), true, true],
])("of %s, rows are skipped: INT32 %s, INT64 %s", (_, values, int32, int64) => {
  expect(areDeltasSkipped(values, "int32")).toBe(int32);
  expect(areDeltasSkipped(values, "int64")).toBe(int64);
});

test("refuses deltas that end early", () => {
  expect(() => areDeltasSkipped(header(of128, 4, 33, 2, 8), "int32")).toThrow(RangeError);
});
