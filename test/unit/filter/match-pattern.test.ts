import { describe, expect, test } from "vitest";
import { patternMatcher } from "../../../src/filter/match-pattern.ts";
import type { FilterOperator } from "../../../src/filter/operators.ts";
import { compilePattern, prefixOf } from "../../../src/filter/text-pattern.ts";

const place = { words: "" };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function matches(operator: FilterOperator, text: string, value: string, escape?: string): boolean {
  return patternMatcher(compilePattern({ operator, text, escape, place }))(bytes(value));
}

describe("a LIKE pattern", () => {
  test.each<[string, string[], string[]]>([
    ["abc", ["abc"], ["", "ab", "abcd", "ABC"]],
    ["", [""], ["a"]],
    ["%", ["", "é"], []],
    ["a%", ["a", "ab"], ["", "ba"]],
    ["%a", ["a", "ba"], ["", "ab"]],
    ["a%a", ["aa", "aba"], ["a", "ab"]],
    ["%ab%ab%", ["abab", "xabyabz"], ["ab", "aab", "abxa"]],
    ["_", ["a", "é", "🍑"], ["", "ab", "éé"]],
    ["_%_", ["🍑🍑", "abc"], ["🍑", ""]],
    ["a_c%_é", ["aécxé", "aécé".replace("c", "cx")], ["aécé", "acxé"]],
    ["%_b_%", ["abc", "xxébé"], ["bc", "ab"]],
    ["%é_%🍑", ["éa🍑", "xéxé🍑🍑"], ["é🍑", "éa🍑x"]],
    ["%%__%%", ["ab", "éé"], ["a", ""]],
  ])("%s", (pattern, matching, others) => {
    for (const value of matching) expect(matches("like", pattern, value), value).toBe(true);
    for (const value of others) expect(matches("like", pattern, value), value).toBe(false);
  });

  test("an escape makes wildcards literal", () => {
    expect(matches("like", "5!%!_!!%", "5%_!x", "!")).toBe(true);
    expect(matches("like", "5!%!_!!%", "5x_!x", "!")).toBe(false);
  });

  test("without case, each character is folded alone", () => {
    expect(matches("ilike", "%ŁÓ_ź", "xŁódŹ")).toBe(true);
    expect(matches("icontains", "ΣΑΣ", "οσασο")).toBe(true);
    expect(matches("ilike", "i%", "İx")).toBe(false);
    expect(matches("icontains", "%", "100")).toBe(false);
  });

  test("has a prefix up to its first wildcard", () => {
    const prefix = (text: string, operator: FilterOperator = "like") =>
      new TextDecoder().decode(prefixOf(compilePattern({ operator, text, escape: undefined, place })));
    expect([
      prefix("ab%c"),
      prefix("a_b"),
      prefix("%a"),
      prefix("ab", "starts with"),
      prefix("ab", "contains"),
    ]).toEqual(["ab", "a", "", "ab", ""]);
    expect(prefix("ab%", "ilike")).toBe("");
  });

  test("takes no exponential time", () => {
    const value = "a".repeat(20_000);
    for (const pattern of [`${"%a".repeat(400)}%b`, `%${"a_".repeat(400)}b%`]) {
      expect(matches("like", pattern, value)).toBe(false);
    }
  });
});
