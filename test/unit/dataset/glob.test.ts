import { describe, expect, test } from "vitest";
import { compileGlob } from "../../../src/dataset/index.ts";

const cases: [pattern: string, matches: string[], rejects: string[]][] = [
  ["", ["a", "a/b"], []],
  ["a.parquet", ["a.parquet"], ["aXparquet", "a.parquet2", "b/a.parquet", "a"]],
  ["*", ["a", "a.parquet"], ["a/b"]],
  ["*.parquet", ["a.parquet", ".parquet"], ["a/b.parquet", "a.csv"]],
  ["a*c*e", ["ace", "abcde", "accee"], ["acd", "a/ce"]],
  ["?", ["a", "é", "😀"], ["", "ab", "/"]],
  ["**", ["a", "a/b/c"], []],
  ["**/b", ["b", "a/b", "a/c/b"], ["ab", "b/a"]],
  ["a/**", ["a/b", "a/b/c"], ["a", "b/a"]],
  ["a/**/b", ["a/b", "a/x/b", "a/x/y/b"], ["ab", "a/xb", "a/x/b/c"]],
  ["[abc]", ["a", "c"], ["d", "abc", "["]],
  ["[a-c0-9]x", ["ax", "bx", "7x"], ["dx", "-x"]],
  ["[!a-c]", ["d", "-"], ["a", "/"]],
  ["[^a]", ["b", "^"], ["a"]],
  ["[]]", ["]"], ["["]],
  ["[a-]", ["a", "-"], ["b"]],
  ["[*]", ["*"], ["a"]],
  ["{a,b}", ["a", "b"], ["ab", "{a,b}", ""]],
  ["{a,b{c,d}}.parquet", ["a.parquet", "bc.parquet", "bd.parquet"], ["b.parquet"]],
  ["x{,y}", ["x", "xy"], ["xyy"]],
  ["{*/,}a", ["a", "b/a"], ["b/c/a"]],
  ["a,b}", ["a,b}"], ["a"]],
  ["e\u0301", ["\u00e9"], ["e"]],
];

describe("globs", () => {
  test.each(cases)("%j", (pattern, matches, rejects) => {
    const matcher = compileGlob(pattern);
    expect(matches.filter((name) => !matcher(name))).toEqual([]);
    expect(rejects.filter((name) => matcher(name))).toEqual([]);
  });

  test.each([["[a"], ["[]"], ["{a,b"], ["{a{b}"], ["x".repeat(257)]])("%j is refused", (pattern) => {
    expect(() => compileGlob(pattern)).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  });

  test("a pattern that would make a regular expression backtrack is answered", () => {
    expect(compileGlob("{a,aa}".repeat(40) + "b")("a".repeat(1000))).toBe(false);
    expect(compileGlob("*a".repeat(120) + "b")("a".repeat(1000))).toBe(false);
  });
});
