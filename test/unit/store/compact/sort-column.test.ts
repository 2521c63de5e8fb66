import { expect, test } from "vitest";
import type { Field } from "../../../../src/arrow/index.ts";
import { findSortColumn } from "../../../../src/store/compact/sort-column.ts";

const fieldOf = (name: string, type: Field["type"]): Field => ({
  name,
  nullable: true,
  type,
  children: [],
  metadata: new Map(),
});
const fields = [
  fieldOf("s", { kind: "struct" }),
  fieldOf("n", { kind: "int", bitWidth: 64, signed: true }),
  fieldOf("nothing", { kind: "null" }),
];
const find = (sortBy: string): number | undefined => findSortColumn(fields, { folder: "f/year=2026", sortBy });

test("finds a column whose values have an order", () => {
  expect(find("n")).toBe(1);
});

test.each(["year", "nothing"])("sorts nothing by %s, which has one value in all rows", (name) => {
  expect(find(name)).toBeUndefined();
});

test.each([
  [
    "s",
    'the files of the folder "f/year=2026" cannot be sorted: the column "s" cannot be sorted by, because its type is',
  ],
  ["none", 'the files of the folder "f/year=2026" cannot be sorted: the column "none" does not exist'],
])("refuses %s", (name, words) => {
  expect(() => find(name)).toThrow(words);
});
