import { expect, test } from "vitest";
import type { DataType, Field } from "../../../src/arrow/index.ts";
import { bindFilter, mayMatch, parseFilter, type ResolvedCondition, resolveFilter } from "../../../src/filter/index.ts";
import type { BoundCondition } from "../../../src/filter/bind-condition.ts";
import type { BoundExpression } from "../../../src/filter/bind-filter.ts";
import type { Junction } from "../../../src/filter/expression.ts";
import { field } from "../../support/field.ts";

const int: DataType = { kind: "int", bitWidth: 32, signed: true };
const columns = (): Field[] => [
  field("first", { kind: "utf8" }),
  field("trip", { kind: "struct" }, [field("from", int), field("to", int)]),
  field("twice", int),
  field("twice", int),
];

test("a filter is bound once: another thread resolves it by index, in a schema that it decodes itself", () => {
  const bound = structuredClone(bindFilter(parseFilter("trip.to in (9, 3, 3.5) and first >= 'b'"), columns()));
  expect(bound.columnIndices).toEqual([0, 1]);
  const own = columns();
  const [to, first] = (resolveFilter(bound, own) as Junction<ResolvedCondition>).parts;
  expect(to!.fields[0]).toBe(own[1]);
  expect(to!.fields[1]).toBe(own[1]!.children[1]);
  expect(to!.constants.map(({ value }) => value)).toEqual([3, 9]);
  expect(first!.fields).toEqual([own[0]]);
  const range = { rowCount: 2, nullCount: 0, min: 4, max: 8 };
  expect(mayMatch(to!, range)).toBe(false);
  expect(mayMatch(to!, { ...range, max: 9 })).toBe(true);
});

test("NOT becomes the opposite of what is below it", () => {
  const text = "not (trip.to between 1 and 3 or not (first like 'a%' and trip.from < trip.to))";
  const expression = bindFilter(parseFilter(text), columns()).expression as Junction<BoundExpression>;
  expect(expression.kind).toBe("and");
  const [outside, inside] = expression.parts as readonly Junction<BoundCondition>[];
  expect([outside!.kind, ...outside!.parts.map(({ operator }) => operator)]).toEqual(["or", "<", ">"]);
  expect([inside!.kind, ...inside!.parts.map(({ operator }) => operator)]).toEqual(["and", "matches", "<"]);
});

test.each([
  ["nothing = 1", "nothing is not a column of the dataset"],
  ["trip.nothing = 1", 'trip.nothing is not a field of "trip"'],
  ["twice = 1", "several fields are named twice"],
  ["first.below = 1", 'first.below is not a field of "first"'],
  ["Trip.to = 1", "at character 1: Trip is not a column of the dataset; did you mean trip?"],
  ["firts = 'a'", "did you mean first?"],
  ["fir = 'a'", "did you mean first?"],
  ["trip.too = 1", "did you mean trip.to?"],
  ['first = "CMT"', "at character 9: CMT is not a column of the dataset; a string is put in single quotes: 'CMT'"],
  ["first = trip.to", "at character 9: first is string and trip.to is int32; these do not compare"],
  ["trip.to like '1%'", "trip.to is int32; LIKE needs a string"],
  ["first contains 1", "at character 16: put a string in single quotes: '1'"],
  ["first like '10!'  escape '!'", "the pattern ends with its escape character"],
  ["first like '10' escape '!!'", "the escape must be one character"],
  [`first like '${"é".repeat(501)}'`, "the pattern has 1002 bytes; the maximum is 1000"],
])("%s is refused", (text, words) => {
  expect(() => bindFilter(parseFilter(text), columns())).toThrow(words);
});
