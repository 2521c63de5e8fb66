import { expect, test } from "vitest";
import type { Field } from "../../../src/flight/index.ts";
import { planProjection } from "../../../src/parquet/plan-projection.ts";

const fieldsOf = (names: readonly string[]): Field[] =>
  names.map((name) => ({ name, nullable: true, type: { kind: "bool" }, children: [], metadata: new Map() }));

test.each<[title: string, columns: string[], indices: number[] | undefined, names: string[] | undefined]>([
  ["all", ["a", "b"], undefined, undefined],
  ["some", ["a", "b", "c"], [0, 2], ["a", "c"]],
  ["a name that begins another, without a dot", ["a", "ab"], [0], ["a"]],
  ["a name that begins another's path", ["a", "a.b"], [0], undefined],
  ["a name that could be a path into another column", ["a", "a.b.c"], [1], undefined],
  ["both of those", ["a", "a.b"], [0, 1], ["a", "a.b"]],
  ["an empty name", ["", "x"], [0], [""]],
  ["an empty name that begins a path", ["", ".x"], [0], undefined],
  ["one of two columns of a name", ["a", "b", "a"], [2], undefined],
  ["both of two columns of a name", ["a", "b", "a"], [0, 2], ["a"]],
])("%s: of %j the columns %j are decoded by the names %j", (_, columns, indices, names) => {
  const fields = fieldsOf(columns);
  const projection = planProjection(fields, indices);
  expect(projection.names).toEqual(names);
  expect(projection.fields.filter(projection.wanted)).toEqual(indices?.map((index) => fields[index]) ?? fields);
  if (names !== undefined) expect(projection.fields.every(projection.wanted)).toBe(true);
});
