import { expect, test } from "vitest";
import type { DataType, Field } from "../../../../src/arrow/index.ts";
import { alignNames } from "../../../../src/parquet/format/hint-names.ts";
import type { SchemaNode } from "../../../../src/parquet/format/schema-tree.ts";
import { thriftType } from "../../../../src/parquet/format/thrift.ts";

const field = (name: string, kind: DataType["kind"] = "int", ...children: Field[]): Field => ({
  name,
  nullable: true,
  type: { kind } as DataType,
  children,
  metadata: new Map(),
});
const node = (name: string, ...children: SchemaNode[]): SchemaNode => ({
  element: new Map([[4, { type: thriftType.binary, value: Buffer.from(name) }]]),
  children,
});
const namesOf = ({ name, children }: Field): unknown => (children.length === 0 ? name : [name, children.map(namesOf)]);

test.each([
  ["a column", field("a"), node("b"), "b"],
  [
    "fields of a struct",
    field("s", "struct", field("a"), field("c")),
    node("s", node("b"), node("c")),
    ["s", ["b", "c"]],
  ],
  [
    "a struct in a list",
    field("l", "list", field("item", "struct", field("a"))),
    node("l", node("list", node("element", node("b")))),
    ["l", [["element", ["b"]]]],
  ],
  [
    "a list of two levels",
    field("l", "list", field("array", "struct", field("a"))),
    node("l", node("array", node("b"))),
    ["l", [["array", ["b"]]]],
  ],
  [
    "the values of a map",
    field("m", "map", field("entries", "struct", field("key"), field("value", "struct", field("a")))),
    node("m", node("key_value", node("key"), node("value", node("b")))),
    ["m", [["key_value", ["key", ["value", ["b"]]]]]],
  ],
])("gives the names of the file's own schema to %s", (_what, hint, own, expected) => {
  expect(alignNames([hint], [own]).map(namesOf)).toEqual([expected]);
});

test("leaves fields alone that are not as many", () => {
  const fields = [field("a"), field("b")];
  expect(alignNames(fields, [node("c")])).toBe(fields);
});
