import { describe, expect, test } from "vitest";
import type { DataType, Field } from "../../../src/arrow/index.ts";
import { findStored } from "../../../web/src/schema/find-stored.ts";

const int8 = { kind: "int", bitWidth: 8, signed: true } as const;

function field(name: string, type: DataType, children: Field[] = []): Field {
  return { name, nullable: true, type, children, metadata: new Map() };
}

const fields = [
  field("n", int8),
  field("tolls", { kind: "list" }, [field("item", { kind: "struct" }, [field("at", { kind: "utf8" })])]),
  field("grid", { kind: "list" }, [field("row", { kind: "fixed_size_list", listSize: 2 }, [field("cell", int8)])]),
  field("map", { kind: "map", keysSorted: false }, [
    field("entries", { kind: "struct" }, [field("k", { kind: "utf8" }), field("v", int8)]),
  ]),
];

describe("the field of a stored column", () => {
  test.each([
    [["n"], "n", false],
    [["tolls", "list", "element", "at"], "at", true],
    [["grid", "list", "element", "list", "element"], "cell", true],
    [["map", "key_value", "key"], "k", true],
    [["map", "key_value", "value"], "v", true],
    [["tolls", "list", "element", "gone"], undefined, true],
    [["gone"], undefined, false],
  ])("%j is %s", (path, name, isRepeated) => {
    const found = findStored(fields, path);
    expect([found.field?.name, found.isRepeated]).toEqual([name, isRepeated]);
  });
});
