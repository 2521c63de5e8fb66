import { describe, expect, test } from "vitest";
import { escapePattern, folderOfPattern, toListPattern } from "../../../src/cli/name-pattern.ts";
import { compileGlob } from "../../../src/dataset/index.ts";

test.each(["plain", "a*b", "[x]", "{a,b}", "a?", "x]y", "a,b", "!a"])("escapes %j, so that only it matches", (text) => {
  for (const pattern of [escapePattern(text), `{${escapePattern(text)},other}`]) {
    const matches = compileGlob(pattern);
    expect([text, `${text}x`, "a", "x"].filter(matches)).toEqual([text]);
  }
});

describe("what a list shows", () => {
  const names = ["geo", "geo/a", "geo/b/c", "geology", "other/geo"];
  test.each([
    ["", names],
    ["geo", ["geo", "geo/a", "geo/b/c"]],
    ["geo/", ["geo/a", "geo/b/c"]],
    ["geo/*", ["geo/a"]],
    ["nothing", []],
  ])("%j", (text, expected) => {
    expect(names.filter(compileGlob(toListPattern(text)))).toEqual(expected);
  });
});

test.each([
  ["geo/*.parquet", "geo/"],
  ["geo/x*", "geo/"],
  ["a/b/{c,d}/e", "a/b/"],
  ["*", ""],
  ["x[12]/y", ""],
])("the folder of %j is %j", (pattern, folder) => {
  expect(folderOfPattern(pattern)).toBe(folder);
});
