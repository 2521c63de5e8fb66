import { describe, expect, test } from "vitest";
import { encodeSchema, type DataType, type Field, type Schema } from "../../../../src/arrow/index.ts";
import { decodeStorableSchema } from "../../../../src/parquet/index.ts";

const metadata = new Map<string, string>();

function field(name: string, type: DataType, children: Field[] = []): Field {
  return { name, nullable: true, type, children, metadata };
}

function dictionaryOf(name: string, type: DataType, children: Field[] = []): Field {
  const indexType = { kind: "int", bitWidth: 8, signed: true } as const;
  return { ...field(name, type, children), dictionary: { id: 0n, indexType, ordered: false } };
}

const schemaOf = (...fields: Field[]): Schema => ({ fields, metadata });
const int32 = { kind: "int", bitWidth: 32, signed: true } as const;

/** A field in so many others of that type. */
function nested(kind: "list" | "struct", depth: number): Field {
  return depth === 0 ? field("x", int32) : field("x", { kind }, [nested(kind, depth - 1)]);
}

describe("what Parquet can store", () => {
  test.each<[string, Field, string]>([
    [
      "union",
      field("c", { kind: "union", mode: "dense", typeIds: [] }),
      "column c cannot be stored as Parquet: its type is dense_union<>",
    ],
    ["run-end encoding", field("c", { kind: "run_end_encoded" }), "run_end_encoded"],
    ["MonthDayNano", field("c", { kind: "interval", unit: "month_day_nano" }), "month_day_nano_interval"],
    ["binary of no bytes", field("c", { kind: "fixed_size_binary", byteWidth: 0 }), "fixed_size_binary[0]"],
    ["a struct without fields", field("c", { kind: "struct" }), "struct<>"],
    [
      "a dictionary of lists",
      dictionaryOf("c", { kind: "list" }, [field("item", int32)]),
      "dictionary<values=list<item: int32>, indices=int8, ordered=0>",
    ],
    ["a dictionary of views", dictionaryOf("c", { kind: "utf8_view" }), "dictionary<values=string_view"],
    ["a decimal of tens", field("c", { kind: "decimal", bitWidth: 128, precision: 5, scale: -2 }), "decimal128(5, -2)"],
    [
      "lists of no items",
      field("c", { kind: "fixed_size_list", listSize: 0 }, [field("item", int32)]),
      "fixed_size_list<item: int32>[0]",
    ],
    ["a nested one, by its path", field("a", { kind: "list" }, [field("b", { kind: "struct" })]), "column a.b "],
    ["structs 61 deep", nested("struct", 61), "nested deeper than 61 levels"],
    ["lists 50 deep", nested("list", 50), "nested deeper than 99 levels of Parquet"],
    ["NUL in a name", field("a\0b", int32), "NUL"],
  ])("refuses %s", (_, refused, message) => {
    expect(() => decodeStorableSchema(encodeSchema(schemaOf(field("fine", int32), refused)))).toThrow(
      expect.objectContaining({ code: "invalid_argument", message: expect.stringContaining(message) }),
    );
  });

  test.each<[string, Schema]>([
    ["no column", schemaOf()],
    ["one name twice", schemaOf(field("a", int32), field("a", { kind: "utf8" }))],
    ["no name", schemaOf(field("", int32))],
    ["structs 60 deep", schemaOf(nested("struct", 60))],
    ["lists 49 deep", schemaOf(nested("list", 49))],
    ["views", schemaOf(field("a", { kind: "utf8_view" }))],
    ["a dictionary of bools, stored without it", schemaOf(dictionaryOf("a", { kind: "bool" }))],
    ["a dictionary of strings", schemaOf(dictionaryOf("a", { kind: "utf8" }))],
    [
      "structs in lists",
      schemaOf(field("a", { kind: "list" }, [field("item", { kind: "struct" }, [field("x", int32)])])),
    ],
  ])("takes %s", (_, schema) => {
    expect(() => decodeStorableSchema(encodeSchema(schema))).not.toThrow();
  });

  test.each<[string, Partial<Field>, string]>([
    ["the name of a column", { name: bad }, "the name of column "],
    ["a key of metadata", { metadata: new Map([[bad, "x"]]) }, "a key in the metadata of column c"],
    ["a value of metadata", { metadata: new Map([["k", bad]]) }, 'the value of "k" in the metadata of column c'],
  ])("refuses %s that is not UTF-8, at any depth", (_, changes, message) => {
    for (const place of [(of: Field) => schemaOf(of), (of: Field) => schemaOf(field("s", { kind: "struct" }, [of]))]) {
      expect(() => decodeStorableSchema(spoil(encodeSchema(place({ ...field("c", int32), ...changes }))))).toThrow(
        expect.objectContaining({ code: "invalid_argument", message: expect.stringContaining("is not UTF-8") }),
      );
    }
    expect(() => decodeStorableSchema(spoil(encodeSchema(schemaOf({ ...field("c", int32), ...changes }))))).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    );
  });

  test("refuses metadata of the schema that is not UTF-8, and takes what only looks like it", () => {
    const schema = { fields: [field("c", int32)], metadata: new Map([["k", bad]]) };
    expect(() => decodeStorableSchema(spoil(encodeSchema(schema)))).toThrow('"k" in the metadata of the schema');
    expect(() => decodeStorableSchema(encodeSchema({ ...schema, metadata: new Map([["k", "\ufffd"]]) }))).not.toThrow();
  });
});

/** What `spoil` makes bytes that are not UTF-8. */
const bad = "~~~~";

function spoil(header: Uint8Array): Uint8Array {
  const spoiled = Buffer.from(header);
  spoiled.fill(0xff, spoiled.indexOf(bad), spoiled.indexOf(bad) + bad.length);
  return spoiled;
}
