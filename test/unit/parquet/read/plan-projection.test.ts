import { expect, test } from "vitest";
import type { Field } from "../../../../src/arrow/index.ts";
import { planProjection } from "../../../../src/parquet/read/plan-projection.ts";

function createField(name: string): Field {
  return { name, nullable: true, type: { kind: "bool" }, children: [], metadata: new Map() };
}

test.each<[title: string, columns: string[], indices: number[] | undefined, shown: string[]]>([
  ["all", ["a", "b"], undefined, ["a", "b"]],
  ["some", ["a", "b", "c"], [0, 2], ["a", "c"]],
  ["a name that begins another, without a dot", ["a", "ab"], [0], ["a"]],
  ["a name that begins another's path", ["a", "a.b", "c"], [0], ["column 0"]],
  ["an empty name", ["", "x"], [1], ["column 1"]],
  ["one of two columns of a name", ["a", "b", "a"], [2], ["column 2"]],
  ["both of two columns of a name", ["a", "b", "a"], [0, 2], ["column 0", "column 2"]],
  ["a name beyond ASCII that begins another", ["价格", "价格_usd"], [0], ["column 0"]],
  ["a name with a NUL", ["a\0b", "c"], [0], ["column 0"]],
  ["names that are equal but for case", ["a", "A"], [1], ["A"]],
])("%s: of %j the columns %j are decoded by the names %j", (_, columns, indices, shown) => {
  const fields = columns.map(createField);
  const projection = planProjection(fields, indices);
  expect(projection.names).toEqual(indices && shown);
  expect(projection.fields).toEqual(indices?.map((index) => fields[index]) ?? fields);
  expect(projection.shownFields.map(({ name }) => name)).toEqual(shown);
});
