import { describe, expect, test } from "vitest";
import { formatType, type DataType, type Field, type Schema } from "../../../../src/arrow/index.ts";
import { toStoredSchema, widenIndices } from "../../../../src/parquet/format/stored-schema.ts";

const metadata = new Map<string, string>();
const field = (type: DataType, children: Field[] = []): Field => ({
  name: "c",
  nullable: true,
  type,
  children,
  metadata,
});
const indexedBy = (bitWidth: number, signed: boolean, type: DataType = { kind: "utf8" }): Field => ({
  ...field(type),
  dictionary: { id: 4n, indexType: { kind: "int", bitWidth, signed }, ordered: false },
});
const schemaOf = (column: Field): Schema => ({ fields: [column], metadata });
const seconds: DataType = { kind: "timestamp", unit: "s", timezone: "UTC" };

describe("a schema is stored", () => {
  test.each<[Field, string]>([
    [field(seconds), "timestamp[ms, tz=UTC]"],
    [field({ kind: "time", unit: "s", bitWidth: 32 }), "time32[ms]"],
    [field({ kind: "date", unit: "ms" }), "date32[day]"],
    [field({ kind: "list" }, [field(seconds)]), "list<c: timestamp[ms, tz=UTC]>"],
    [indexedBy(8, true, seconds), "timestamp[ms, tz=UTC]"],
    [indexedBy(8, true, { kind: "int", bitWidth: 8, signed: true }), "int8"],
    [indexedBy(8, true, { kind: "bool" }), "bool"],
    [indexedBy(8, true, { kind: "decimal", bitWidth: 128, precision: 19, scale: 0 }), "decimal128(19, 0)"],
    [field({ kind: "list" }, [indexedBy(8, true, { kind: "null" })]), "list<c: null>"],
  ])("as $1", (column, expected) => {
    expect(formatType(toStoredSchema(schemaOf(column)).fields[0]!)).toBe(expected);
  });

  test.each([
    field({ kind: "duration", unit: "s" }),
    indexedBy(8, true),
    field({ kind: "list" }, [field({ kind: "bool" })]),
  ])("as it is where it can be: $type.kind", (column) => {
    const schema = schemaOf(column);
    expect(toStoredSchema(schema)).toBe(schema);
  });
});

test.each([
  [8, true, 127, 8],
  [8, true, 128, 16],
  [8, false, 255, 8],
  [8, false, 256, 16],
  [16, true, 32_768, 32],
  [8, true, 70_000, 32],
  [32, true, 3, 32],
])("indices of %i bits (signed: %s) of %i values get %i", (bitWidth, signed, valueCount, expected) => {
  const schema = schemaOf(field({ kind: "list" }, [indexedBy(bitWidth, signed)]));
  const widened = widenIndices(schema, (id) => (id === 4n ? valueCount : 0));
  expect(widened.fields[0]!.children[0]!.dictionary!.indexType).toEqual({ kind: "int", bitWidth: expected, signed });
  if (expected === bitWidth) expect(widened).toBe(schema);
});
