import { tableFromArrays, tableToIPC } from "apache-arrow";
import { describe, expect, test } from "vitest";
import type { Field } from "../../../../src/arrow/index.ts";
import {
  chooseColumnEncodings,
  chooseEncoding,
  leanEncodings,
} from "../../../../src/parquet/format/column-encodings.ts";

const size = (uncompressedByteLength: number, compressedByteLength = uncompressedByteLength) => ({
  uncompressedByteLength,
  compressedByteLength,
});

describe("choosing an encoding by the sizes of a sample", () => {
  test.each([
    ["nothing pays", { plain: size(100, 95), dictionary: size(120), delta: size(90) }, "plain", false],
    ["pages shrink", { plain: size(100, 60), dictionary: size(120) }, "plain", true],
    ["few values", { plain: size(100, 20), dictionary: size(15, 14) }, "dictionary", false],
    ["a dictionary hardly smaller", { plain: size(100), dictionary: size(90) }, "plain", false],
    ["a sequence", { plain: size(100), dictionary: size(110), delta: size(2, 1) }, "delta", true],
    ["few values in order", { plain: size(100), dictionary: size(20), delta: size(15) }, "dictionary", false],
    ["not measured", { plain: undefined }, "dictionary", true],
  ] as const)("%s", (_, sizes, layout, isCompressed) => {
    expect(chooseEncoding(sizes)).toEqual({ layout, isCompressed });
  });

  test("columns of real rows", () => {
    const rowCount = 50_000;
    const table = tableFromArrays({
      sequence: Int32Array.from({ length: rowCount }, (_, i) => i),
      noise: Float64Array.from({ length: rowCount }, (_, i) => Math.sin(i * i)),
      few: Int32Array.from({ length: rowCount }, (_, i) => (i * 7919) % 5),
    });
    const { columns } = chooseColumnEncodings(tableToIPC(table, "stream"))!;
    expect([...columns].map(([name, { layout }]) => [name, layout])).toEqual([
      ["sequence", "delta"],
      ["noise", "plain"],
      ["few", "dictionary"],
    ]);
  });

  test("too few rows are not measured", () => {
    expect(chooseColumnEncodings(tableToIPC(tableFromArrays({ a: new Int32Array(100) }), "stream"))).toBeUndefined();
  });
});

test("the encodings that take the least memory keep dictionaries that came, nested ones too", () => {
  const field = (name: string, rest: Partial<Field> = {}): Field => ({
    name,
    nullable: true,
    type: { kind: "utf8" },
    children: [],
    metadata: new Map(),
    ...rest,
  });
  const dictionary = { id: 0n, indexType: { kind: "int", bitWidth: 8, signed: true }, ordered: true } as const;
  const category = field("category", { dictionary });
  const nested = field("nested", { type: { kind: "struct" }, children: [category] });
  const encode = (...fields: Field[]) => leanEncodings({ fields, metadata: new Map() });
  const kept = { layout: "dictionary", isCompressed: false };
  const plain = { layout: "plain", isCompressed: false };
  expect(encode(field("text"), category)).toEqual({ columns: new Map([["category", kept]]), nested: plain });
  expect(encode(nested)).toEqual({ columns: new Map(), nested: kept });
});
