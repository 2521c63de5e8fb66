import { expect, test } from "vitest";
import { splitFilter } from "../../../src/filter/index.ts";

test.each<[string, string[]]>([
  ["a = 1", ["a = 1"]],
  ["a=1 AND b between 1 and 2  and (c = 1 or d = 2)", ["a=1", "b between 1 and 2", "(c = 1 or d = 2)"]],
  ["a = 1 or b = 2", ["(a = 1 or b = 2)"]],
  ["(a = 1) or (b = 2)", ["((a = 1) or (b = 2))"]],
  ["(a = 1 or b = 2)", ["(a = 1 or b = 2)"]],
  ["(a = 'x and y' and b = 2)", ["a = 'x and y'", "b = 2"]],
  ["not (a = 1 and b = 2) and c = 3", ["not (a = 1 and b = 2)", "c = 3"]],
])("%s is split at AND", (filter, parts) => {
  expect(splitFilter(filter)?.map(({ text }) => text)).toEqual(parts);
});

test("a part says its columns", () => {
  const parts = splitFilter('a.b < "c d" and (not e = 1 or f between g and 2)');
  expect(parts?.map(({ columns }) => columns)).toEqual([
    [["a", "b"], ["c d"]],
    [["e"], ["f"], ["g"]],
  ]);
});

test("what is no filter is not split", () => {
  expect(splitFilter("")).toBeUndefined();
  expect(splitFilter("a = 1 and")).toBeUndefined();
});
