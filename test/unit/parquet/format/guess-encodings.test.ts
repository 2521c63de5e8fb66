import { Table, tableFromArrays, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { estimateSnappy } from "../../../../src/parquet/format/estimate-snappy.ts";
import { guessColumnEncodings } from "../../../../src/parquet/format/guess-encodings.ts";

const rowCount = 400;
const float64 = (at: (row: number) => number) => Float64Array.from({ length: rowCount }, (_, i) => at(i));
const int32 = (at: (row: number) => number) => Int32Array.from({ length: rowCount }, (_, i) => at(i));
const int64 = (at: (row: bigint) => bigint) => BigInt64Array.from({ length: rowCount }, (_, i) => at(BigInt(i)));
const noise = (row: number): number => Math.sin(row * row);
const noiseBelow = (limit: number) => (row: number) => Math.floor(Math.abs(noise(row)) * limit);

test("a row group that is too small to be measured is encoded by what a sample of each column shows", () => {
  const table = tableFromArrays({
    noise: float64(noise),
    whole: float64((i) => i * 1000),
    few: float64((i) => (i * 7919) % 5),
    sparse: float64((i) => (i % 5 === 0 ? 0 : noise(i))),
    mostly_zero: float64((i) => (i % 3 === 0 ? noise(i) : 0)),
    sequence: int32((i) => i),
    percents: int32(noiseBelow(100)),
    few_far_apart: int32((i) => ((i * 7919) % 5) * 100_000_000),
    any: int32((i) => Math.floor(noise(i) * 2 ** 31)),
    nanoseconds: int64((i) => 1_700_000_000_000_000_000n + i * i * 1_000n),
    any_long: int64((i) => (i * 0x9e37_79b9_7f4a_7c15n) % 2n ** 62n),
    text: Array.from({ length: rowCount }, (_, i) => `text ${i}`),
  });
  const { columns, nested } = guessColumnEncodings(tableToIPC(table, "stream"));
  const summary = [...columns].map(([name, { layout, isCompressed }]) => [name, layout, isCompressed]);
  expect(summary).toEqual([
    ["noise", "plain", false],
    ["whole", "plain", true],
    ["sparse", "plain", false],
    ["sequence", "delta", false],
    ["percents", "delta", false],
    ["any", "plain", false],
    ["nanoseconds", "delta", false],
    ["any_long", "plain", false],
  ]);
  expect(nested).toEqual({ layout: "dictionary", isCompressed: true });
});

test("nulls are not sampled", () => {
  const values = (at: (row: number) => number) =>
    vectorFromArray(Array.from({ length: rowCount }, (_, i) => (i % 3 === 0 ? null : at(i))));
  const table = new Table({ noise: values(noise), none: values(() => 7) });
  expect([...guessColumnEncodings(tableToIPC(table, "stream")).columns]).toEqual([
    ["noise", { layout: "plain", isCompressed: false }],
  ]);
});

test("strings of a small row group get a dictionary if they repeat, by their first bytes and their length", () => {
  const texts = (at: (row: number) => string | null) =>
    vectorFromArray(
      Array.from({ length: 400 }, (_, i) => at(i)),
      new Utf8(),
    );
  const prefix = "p".repeat(64);
  const table = new Table({
    keys: texts((i) => `key ${i}`),
    sparse: texts((i) => (i % 3 === 0 ? null : `key ${i}`)),
    cities: texts((i) => ["Lima", "Oslo", "Łódź"][i % 3]!),
    empty: texts(() => ""),
    long: texts((i) => `${prefix}${String(i).padStart(4, "0")}`),
    lengths: texts((i) => "x".repeat(i)),
  });
  const { columns } = guessColumnEncodings(tableToIPC(table, "stream"));
  expect([...columns.keys()]).toEqual(["keys", "sparse", "lengths"]);
});

describe("the estimated length of bytes in Snappy", () => {
  const bytes = (length: number, at: (index: number) => number) => Uint8Array.from({ length }, (_, i) => at(i));

  test.each([
    ["nothing", bytes(0, () => 0), 0, 0],
    ["a few bytes", bytes(3, (i) => i), 4, 4],
    ["one byte again and again", bytes(1024, () => 7), 40, 70],
    ["a few bytes again and again", bytes(1024, (i) => i % 12), 50, 90],
    ["noise", bytes(1024, (i) => Math.abs(noise(i)) * 256), 1024, 1030],
  ])("%s", (_what, input, least, most) => {
    expect(estimateSnappy(input)).toBeGreaterThanOrEqual(least);
    expect(estimateSnappy(input)).toBeLessThanOrEqual(most);
  });
});
