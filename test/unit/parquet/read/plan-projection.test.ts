import { expect, test } from "vitest";
import type { Field } from "../../../../src/arrow/index.ts";
import { planProjection } from "../../../../src/parquet/read/plan-projection.ts";

/** A column; one whose name ends in `{}` is a struct. */
function createField(text: string): Field {
  const name = text.replace("{}", "");
  const nothing = { nullable: true, metadata: new Map<string, string>() };
  if (name === text) return { name, type: { kind: "bool" }, children: [], ...nothing };
  return { name, type: { kind: "struct" }, children: [createField("child")], ...nothing };
}

test.each<[title: string, columns: string[], indices: number[] | undefined, names?: string[], decoded?: number[]]>([
  ["all", ["a", "b"], undefined],
  ["some", ["a", "b", "c"], [0, 2], ["a", "c"]],
  ["a name that begins another, without a dot", ["a", "ab"], [0], ["a"]],
  ["a name that begins another's path", ["a", "a.b", "c"], [0], ["a"], [0, 1]],
  ["a name that begins the path of a struct", ["a", "a.b{}", "c"], [0], ["a"], [0, 1]],
  ["a name that is no path into a column without fields", ["a", "a.b.c"], [1], ["a.b.c"]],
  ["a name that could be a path into a struct", ["a{}", "a.b.c"], [1]],
  ["that and the struct", ["a{}", "a.b.c"], [0, 1], ["a", "a.b.c"]],
  ["an empty name", ["", "x"], [0], [""]],
  ["an empty name that begins a path", ["", ".x"], [0], [""], [0, 1]],
  ["one of two columns of a name", ["a", "b", "a"], [2], ["a"], [0, 2]],
  ["both of two columns of a name", ["a", "b", "a"], [0, 2], ["a"]],
])("%s: of %j the columns %j are decoded by the names %j, with %j", (_, columns, indices, names, decoded = indices) => {
  const fields = columns.map(createField);
  const projection = planProjection(fields, indices);
  expect(projection.names).toEqual(names);
  expect(projection.fields).toEqual(names ? decoded?.map((index) => fields[index]) : fields);
  expect(projection.fields.filter(projection.wanted)).toEqual(indices?.map((index) => fields[index]) ?? fields);
});
