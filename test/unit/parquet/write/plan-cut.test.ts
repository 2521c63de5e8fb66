import { describe, expect, test } from "vitest";
import type { ArrayView, DataType, Field } from "../../../../src/arrow/index.ts";
import { planCut } from "../../../../src/parquet/write/plan-cut.ts";
import { rowGroupBytesFor } from "../../../../src/parquet/write/row-group-size.ts";

const mebi = 1024 * 1024;

function field(type: DataType, indexBits?: 8 | 32): Field {
  const dictionary = { id: 0n, isOrdered: false, indexType: { kind: "int", bitWidth: indexBits ?? 8, signed: true } };
  return {
    name: "c",
    nullable: true,
    type,
    children: [],
    metadata: [],
    ...(indexBits && { dictionary }),
  } as unknown as Field;
}

const array = (of: Field, length: number, children: readonly ArrayView[] = []): ArrayView => {
  const storage = { kind: "null" } as const;
  return { field: of, length, children, storage, offset: 0, validity: undefined, buffers: [] };
};

const binary = (byteWidth: number): DataType => ({ kind: "fixed_size_binary", byteWidth });
const list = (length: number, child: ArrayView): ArrayView =>
  array(field({ kind: "struct" } as unknown as DataType), length, [child]);

describe("how a batch is cut into row groups", () => {
  const whole = { growth: 1, bounds: undefined };
  test.each<[string, readonly ArrayView[], number, number, unknown]>([
    ["as it is, where it fits", [array(field(binary(64)), 1000)], 1000, 64_000, whole],
    [
      "by its rows, where these are many",
      [],
      2 * mebi,
      0,
      { growth: 1, bounds: { bodyBytesMax: 16 * mebi, rowCountMax: mebi } },
    ],
    [
      "by its bytes, where these are many",
      [array(field(binary(64)), mebi)],
      mebi,
      64 * mebi,
      { growth: 1, bounds: { bodyBytesMax: 16 * mebi, rowCountMax: mebi } },
    ],
    [
      "into equal parts, where the workers encode all of them at the same time",
      [array(field(binary(64)), 1001)],
      1001,
      27 * mebi,
      { growth: 1, bounds: { bodyBytesMax: 16 * mebi, rowCountMax: 501 } },
    ],
    [
      "into equal parts, where a short one would be left",
      [array(field(binary(64)), 4000)],
      4000,
      67 * mebi,
      { growth: 1, bounds: { bodyBytesMax: 20 * mebi, rowCountMax: 1000 } },
    ],
    [
      "by its bytes, where a longer one is left",
      [array(field(binary(64)), 4000)],
      4000,
      72 * mebi,
      { growth: 1, bounds: { bodyBytesMax: 16 * mebi, rowCountMax: 4000 } },
    ],
    [
      "not, where the dictionary is kept",
      [array(field({ kind: "utf8" } as unknown as DataType, 8), mebi)],
      mebi,
      mebi,
      whole,
    ],
    [
      "by what its values take, where the dictionary is given up",
      [array(field(binary(64), 8), mebi)],
      mebi,
      mebi,
      { growth: 64, bounds: { bodyBytesMax: mebi / 4, rowCountMax: mebi / 4 } },
    ],
    [
      "by that also where it is nested",
      [list(1024, array(field(binary(64), 8), mebi))],
      1024,
      mebi,
      { growth: 64, bounds: { bodyBytesMax: mebi / 4, rowCountMax: 256 } },
    ],
    ["as it is, where values are no larger than indices", [array(field(binary(2), 32), mebi)], mebi, 4 * mebi, whole],
    [
      "by its rows, where others are large by themselves",
      [array(field(binary(33), 8), mebi)],
      mebi,
      32 * mebi,
      { growth: 2, bounds: { bodyBytesMax: 8 * mebi, rowCountMax: mebi / 4 } },
    ],
  ])("is: %s", (_what, arrays, rowCount, byteLength, plan) => {
    expect(planCut(arrays, { rowCount, byteLength, groupBytesTarget: 16 * mebi, workerCount: 2 })).toEqual(plan);
  });

  test("has an end", () => {
    const code = "resource_exhausted";
    const large = { rowCount: mebi, byteLength: mebi, groupBytesTarget: 16 * mebi, workerCount: 2 };
    expect(() => planCut([array(field(binary(257), 8), mebi)], large)).not.toThrow();
    expect(() => planCut([array(field(binary(258), 8), mebi)], large)).toThrow(
      expect.objectContaining({ code }) as Error,
    );
  });
});

test.each([
  [10, 16 * mebi],
  [1000, 16 * mebi],
  [3072, 24 * mebi],
  [65_536, 32 * mebi],
])("row groups of %i columns have %i bytes", (columnCount, byteLength) => {
  expect(rowGroupBytesFor(columnCount)).toBe(byteLength);
});
