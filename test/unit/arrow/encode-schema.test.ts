import { expect, test } from "vitest";
import { decodeSchema, encodeSchema, type DataType, type Field } from "../../../src/arrow/index.ts";

const metadata = new Map([["unit", "m"]]);
const field = (type: DataType, children: Field[] = []): Field => ({
  name: type.kind,
  nullable: children.length > 0,
  type,
  children,
  metadata: new Map(),
});
const int16 = { kind: "int", bitWidth: 16, signed: false } as const;
const item = field(int16);

test.each<[string, Field]>([
  ...(["null", "bool", "utf8", "large_utf8", "utf8_view", "binary", "large_binary", "binary_view"] as const).map(
    (kind): [string, Field] => [kind, field({ kind })],
  ),
  ...(["list", "large_list", "list_view", "large_list_view", "struct"] as const).map((kind): [string, Field] => [
    kind,
    field({ kind }, [item]),
  ]),
  ["int", item],
  ["float", field({ kind: "float", bitWidth: 16 })],
  ["decimal", field({ kind: "decimal", bitWidth: 256, precision: 70, scale: -3 })],
  ["fixed_size_binary", field({ kind: "fixed_size_binary", byteWidth: 7 })],
  ["date in days", field({ kind: "date", unit: "day" })],
  ["date in milliseconds", field({ kind: "date", unit: "ms" })],
  ["time", field({ kind: "time", unit: "ns", bitWidth: 64 })],
  ["timestamp", field({ kind: "timestamp", unit: "s", timezone: "" })],
  ["timestamp of a zone", field({ kind: "timestamp", unit: "us", timezone: "Europe/Paris" })],
  ["duration", field({ kind: "duration", unit: "ms" })],
  ["interval", field({ kind: "interval", unit: "month_day_nano" })],
  ["fixed_size_list", field({ kind: "fixed_size_list", listSize: 3 }, [item])],
  ["map", field({ kind: "map", keysSorted: true }, [field({ kind: "struct" }, [item, field(int16)])])],
  ["union", field({ kind: "union", mode: "dense", typeIds: [3, 5] }, [item, field({ kind: "utf8" })])],
  ["run_end_encoded", field({ kind: "run_end_encoded" }, [item, field({ kind: "utf8" })])],
  ["dictionary", { ...field({ kind: "utf8" }), dictionary: { id: 7n, indexType: int16, ordered: true }, metadata }],
])("a schema of %s is what it was", (_, column) => {
  const schema = { fields: [column, field({ kind: "bool" })], metadata };
  expect(decodeSchema(encodeSchema(schema))).toEqual(schema);
});

test("a schema of nothing is what it was", () => {
  const schema = { fields: [], metadata: new Map() };
  expect(decodeSchema(encodeSchema(schema))).toEqual(schema);
});
