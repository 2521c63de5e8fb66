import { expect, test } from "vitest";
import { parseColumnNames } from "../../../src/cli/column-names.ts";

test.each([
  ["a", ["a"]],
  ["a,b c, d ", ["a", "b c", "d"]],
  ['q"x', ['q"x']],
  ['"a,b",c', ["a,b", "c"]],
  ['"a""b" , " c "', ['a"b', " c "]],
  ['""', [""]],
  ["東京,ключ", ["東京", "ключ"]],
])("%s names %j", (text, names) => {
  expect(parseColumnNames(text)).toEqual(names);
});

test.each(["", " ", ",", "a,", ",a", "a,,b", "a, ,b", '"a', '"a"b', '"a",'])("refuses %j", (text) => {
  expect(parseColumnNames(text)).toBeUndefined();
});
