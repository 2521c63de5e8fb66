import { expect, test } from "vitest";
import { formatType } from "../../../../src/arrow/index.ts";
import { PartitionTypes, readPartitions, toPartitionValue } from "../../../../src/store/folder/hive-partitions.ts";

test.each([
  ["a/b.parquet", {}],
  ["year=2026/b", { year: "2026" }],
  ["zz=1/aa=2/b", { aa: "2", zz: "1" }],
  ["k=1/k=2/b", { k: "1" }],
  ["k=a=b/=c/k?=1/b", {}],
  ["k=/b=1.parquet", { k: "" }],
])("reads the partitions of %s", (name, expected) => {
  expect(Object.entries(Object.fromEntries(readPartitions(name)))).toEqual(Object.entries(expected));
});

const nothing = "__HIVE_DEFAULT_PARTITION__";

/** The type and the values are what DuckDB has for the same folders. */
test.each([
  [["1", "-5", "0"], "int64", [1n, -5n, 0n]],
  [["01", "2"], "string", ["01", "2"]],
  [["+2"], "string", ["+2"]],
  [["9223372036854775808"], "string", ["9223372036854775808"]],
  [["1", "abc"], "string", ["1", "abc"]],
  [["1", nothing, "null"], "int64", [1n, undefined, undefined]],
  [[nothing], "string", [undefined]],
  [["a", "NULL", nothing], "string", ["a", "NULL", undefined]],
  [["2026-01-02", "2026-1-3", nothing], "date32[day]", [20_455, 20_456, undefined]],
  [["2026-13-01"], "string", ["2026-13-01"]],
  [["1970-01-01 00:00:01", "1970-01-01T00:00:02.5Z"], "timestamp[us]", [1_000_000n, 2_500_000n]],
  [["2026-01-02", "2026-01-02 03:04:05"], "string", ["2026-01-02", "2026-01-02 03:04:05"]],
  [["a%20b%2Fc", "100%25", "bad%zz"], "string", ["a b/c", "100%", "bad%zz"]],
  [["%31"], "string", ["1"]],
  [["", "1"], "string", ["", "1"]],
] as const)("the values %j are %s", (texts, type, values) => {
  const types = new PartitionTypes();
  for (const text of texts) types.add(new Map([["k", text]]));
  const [field] = types.fields();
  expect(formatType(field!)).toBe(type);
  const decoded = texts.map((text) => toPartitionValue(field!, text).value);
  expect(decoded.map((value) => (value instanceof Uint8Array ? new TextDecoder().decode(value) : value))).toEqual(
    values,
  );
});
