import { describe, expect, test } from "vitest";
import type { DataType, Field } from "../../../../src/arrow/index.ts";
import type { ColumnChunk } from "../../../../src/parquet/format/column-chunks.ts";
import type { PageFacts } from "../../../../src/parquet/format/page-ranges.ts";
import { toKnownPages } from "../../../../src/parquet/read/known-pages.ts";
import { toKnownRange, unknownRange } from "../../../../src/parquet/read/known-range.ts";

const int32: DataType = { kind: "int", bitWidth: 32, signed: true };

function fieldOf(type: DataType): Field {
  return { name: "a", nullable: true, type, children: [], metadata: new Map() };
}

function int(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer);
}

/** Ten values of which two are null, from 1 to 8. */
const chunk: ColumnChunk = {
  path: ["a"],
  physicalType: "int32",
  typeByteLength: undefined,
  unit: undefined,
  codec: "SNAPPY",
  valueCount: 10,
  uncompressedByteLength: 40,
  compressedByteLength: 40,
  nullCount: 2,
  min: int(1),
  max: int(8),
  hasBounds: true,
  isCut: false,
  columnIndex: undefined,
  offsetIndex: undefined,
};

describe("statistics of a column chunk", () => {
  const known = (stated: Partial<ColumnChunk>, type: DataType = int32) =>
    toKnownRange({ ...chunk, ...stated }, fieldOf(type));

  test("count where they can be right", () => {
    expect(known({})).toEqual({ nullCount: 2, min: 1, max: 8 });
    expect(known({ max: undefined })).toEqual({ nullCount: 2, min: 1, max: undefined });
    expect(known({ nullCount: 10, min: undefined, max: undefined, hasBounds: false }).nullCount).toBe(10);
  });

  test.each<[string, Partial<ColumnChunk>]>([
    ["a least value above the greatest", { min: int(9) }],
    ["more nulls than values", { nullCount: 11 }],
    ["nulls alone beside bounds", { nullCount: 10 }],
    ["nulls alone beside a bound of an older form", { nullCount: 10, min: undefined, max: undefined }],
  ])("count for nothing with %s", (_what, stated) => {
    expect(known(stated)).toEqual(unknownRange);
  });

  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
  const double = (value: number): Uint8Array => new Uint8Array(Float64Array.of(value).buffer);
  const signedOrder: Partial<ColumnChunk> = {
    physicalType: "int64",
    min: bytes(0, 0, 0, 0, 0, 0, 0, 128),
    max: bytes(7, 0, 0, 0, 0, 0, 0, 0),
  };
  const cutDecimal: Partial<ColumnChunk> = { physicalType: "fixed_len_byte_array", typeByteLength: 3 };
  const decimal: DataType = { kind: "decimal", bitWidth: 128, precision: 6, scale: 2 };
  test.each<[string, DataType, Partial<ColumnChunk>]>([
    ["unsigned integers by the signed order", { kind: "int", bitWidth: 64, signed: false }, signedOrder],
    ["strings by the signed order", { kind: "utf8" }, { physicalType: "byte_array", min: bytes(195), max: bytes(122) }],
    ["NaN", { kind: "float", bitWidth: 64 }, { physicalType: "double", min: double(1), max: double(Number.NaN) }],
    ["bounds of another width", int32, { min: bytes(1), max: bytes(2) }],
    ["a boolean of 2", { kind: "bool" }, { physicalType: "boolean", min: bytes(2), max: bytes(3) }],
    ["decimals that are cut", decimal, { ...cutDecimal, min: bytes(1), max: bytes(2) }],
  ])("give no bounds with %s", (_what, type, stated) => {
    expect(known(stated, type)).toMatchObject({ min: undefined, max: undefined });
  });
});

describe("statistics of pages", () => {
  const pages: PageFacts[] = [
    { rowStart: 0, rowCount: 4, isNullPage: false, nullCount: 0, min: int(1), max: int(4) },
    { rowStart: 4, rowCount: 2, isNullPage: true, nullCount: 2, min: undefined, max: undefined },
    { rowStart: 6, rowCount: 4, isNullPage: false, nullCount: 0, min: int(5), max: int(8) },
  ];
  const known = (at: number, page: Partial<PageFacts>, stated: Partial<ColumnChunk> = {}) => {
    const changed = pages.map((each, i) => (i === at ? { ...each, ...page } : each));
    return toKnownPages(changed, { ...chunk, ...stated }, fieldOf(int32));
  };
  const isUnknown = ({ nullCount, min, max }: { nullCount?: unknown; min?: unknown; max?: unknown }): boolean =>
    nullCount === undefined && min === undefined && max === undefined;

  test("count where they agree with the chunk's", () => {
    expect(known(0, {}).map(({ nullCount, min, max }) => [nullCount, min, max])).toEqual([
      [0, 1, 4],
      [2, undefined, undefined],
      [0, 5, 8],
    ]);
  });

  test("do not tell that there is no null where the chunk's do not", () => {
    expect(known(0, {}, { nullCount: undefined }).map(({ nullCount }) => nullCount)).toEqual([undefined, 2, undefined]);
  });

  test.each<[string, number, Partial<PageFacts>]>([
    ["a page has nulls alone by its count, and not by its flag", 0, { nullCount: 4 }],
    ["a page has nulls alone by its flag, and not by its count", 1, { nullCount: 1 }],
    ["a page of nulls has bounds", 1, { min: int(1), max: int(1) }],
    ["a page has more nulls than rows", 0, { nullCount: 5 }],
    ["a page's least value is above its greatest", 2, { min: int(9) }],
  ])("count for nothing where %s", (_what, at, page) => {
    const [changed] = known(at, page).slice(at);
    expect(isUnknown(changed!)).toBe(true);
  });

  test.each<[string, Partial<PageFacts>, Partial<ColumnChunk>]>([
    ["has another count of nulls", { nullCount: 1 }, {}],
    ["has a value below the chunk's least", { min: int(0) }, {}],
    ["has a value above the chunk's greatest", {}, { max: int(7) }],
  ])("count for nothing at all where one %s", (_what, page, stated) => {
    expect(known(0, page, stated).every(isUnknown)).toBe(true);
  });
});
