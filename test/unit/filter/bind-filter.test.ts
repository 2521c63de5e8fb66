import { expect, test } from "vitest";
import type { DataType, Field } from "../../../src/arrow/index.ts";
import { bindFilter, mayMatch, parseFilter, resolveFilter } from "../../../src/filter/index.ts";

const field = (name: string, type: DataType, children: Field[] = []): Field => ({
  name,
  nullable: true,
  type,
  children,
  metadata: new Map(),
});
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
  const [to, first] = resolveFilter(bound, own);
  expect(to!.fields[0]).toBe(own[1]);
  expect(to!.fields[1]).toBe(own[1]!.children[1]);
  expect(to!.constants.map(({ value }) => value)).toEqual([3, 9]);
  expect(first!.fields).toEqual([own[0]]);
  const range = { rowCount: 2, nullCount: 0, min: 4, max: 8 };
  expect(mayMatch(to!, range)).toBe(false);
  expect(mayMatch(to!, { ...range, max: 9 })).toBe(true);
});

test.each([
  ["nothing = 1", "nothing is not a column of the dataset"],
  ["trip.nothing = 1", 'trip.nothing is not a field of "trip"'],
  ["twice = 1", "several fields are named twice"],
  ["first.below = 1", 'first.below is not a field of "first"'],
])("%s is refused", (text, words) => {
  expect(() => bindFilter(parseFilter(text), columns())).toThrow(words);
});
