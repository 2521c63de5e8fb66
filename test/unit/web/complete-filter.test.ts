import { expect, test } from "vitest";
import { completeFilter } from "../../../web/src/selection/complete-filter.ts";
import type { Field } from "../../../src/arrow/index.ts";
import { field } from "../../support/field.ts";

const fields = [
  field("fare", { kind: "float", bitWidth: 64 }),
  field("vendor", { kind: "utf8" }),
  field("tip fare", { kind: "utf8" }),
];
const place = field("place", { kind: "struct" }, [
  field("x", { kind: "float", bitWidth: 64 }),
  field("at", { kind: "struct" }, [field("zone name", { kind: "utf8" })]),
]);
const values = ({ name }: Field) => (name === "vendor" ? ["'CMT'", "'VTS'"] : undefined);

test.each<[string, number, string[]]>([
  ["", 0, ["fare", "vendor", '"tip fare"']],
  ["FA", 0, ["fare", '"tip fare"']],
  ["not (ve", 5, ["vendor"]],
  ["vendor s", 7, ["starts with"]],
  ["fare be", 5, ["between"]],
  ["fare between 1 a", 15, ["and"]],
  ["fare between 1 and 2 a", 21, ["and"]],
  ["vendor = ", 9, ["'CMT'", "'VTS'"]],
  ["vendor in ('CMT', 'v", 18, ["'VTS'"]],
  ["vendor = 'CMT' ", 15, ["and", "or"]],
  ["vendor = 'CMT' or f", 18, ["fare", '"tip fare"']],
  ['"tip fare" is n', 14, []],
])("%j is completed from %j by %j", (before, start, items) => {
  const completion = completeFilter(before, fields, values);
  expect([completion.start, completion.items]).toEqual([start, items]);
});

test.each<[string, number, string[]]>([
  ["pl", 0, ["place", "place.x", "place.at", 'place.at."zone name"']],
  ["place.", 0, ["place.x", "place.at", 'place.at."zone name"']],
  ["place.a", 0, ["place.at", 'place.at."zone name"']],
  ["place ", 6, ["is null", "is not null"]],
  ["place.x be", 8, ["between"]],
  ["fare > 1.5 and place.x > 1.5 a", 29, ["and"]],
  ['place.at."zone name" st', 21, ["starts with"]],
  ['place.at."zone name" = ', 23, ["'Harlem'"]],
])("fields of structs: %j is completed from %j by %j", (before, start, items) => {
  const zones = ({ name }: Field) => (name === "place.at.zone name" ? ["'Harlem'"] : undefined);
  const completion = completeFilter(before, [...fields, place], zones);
  expect([completion.start, completion.items]).toEqual([start, items]);
});
