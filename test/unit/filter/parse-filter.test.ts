import { describe, expect, test } from "vitest";
import { parseFilter } from "../../../src/filter/index.ts";
import { filterConditionCountMax } from "../../../src/flight/index.ts";
import type { FilterInput } from "../../../src/filter/index.ts";

/** What a filter says, without where. */
function read(filter: FilterInput): string[] {
  return parseFilter(filter).map(({ path, operator, values }) =>
    [path.join("/"), operator, ...values.map(({ kind, text }) => `${kind} ${text}`)].join("; "),
  );
}

describe("a filter's text", () => {
  test.each<[string, string[]]>([
    ["fare > 10 and vendor in ('CMT', 'it''s')", ["fare; >; number 10", "vendor; in; string CMT; string it's"]],
    ['"a ""b"".c"."d"<>-1.5e3', ['a "b".c/d; !=; number -1.5e3']],
    ["place.x IS NOT NULL AND and = TRUE", ["place/x; is not null", "and; =; boolean true"]],
    ["name Starts With 'x' and n not in (.5)", ["name; starts with; string x", "n; not in; number .5"]],
    ["größe<=+7", ["größe; <=; number +7"]],
    ["is is null", ["is; is null"]],
  ])("%s", (text, conditions) => {
    expect(read(text)).toEqual(conditions);
  });

  test.each([
    ["a = 1x", "at character 5"],
    ["a = 'x' b", 'at character 9: expected AND or the end, found "b"'],
    ["a = null", "at character 5: expected a number"],
    ["a in ()", "at character 7"],
    ["a in (1 2)", "at character 9: expected , or )"],
    ["a not null", 'at character 7: expected IN, found "null"'],
    ["a. = 1", "at character 4: expected the name of a column"],
    ['"a = 1', "at character 1: a name in quotes has no end"],
    ["a = 1 and", "at character 10"],
    ["a ~ 1", 'at character 3: "~" is not expected here'],
  ])("%s is refused", (text, words) => {
    expect(() => parseFilter(text)).toThrow(words);
  });
});

describe("a filter's JSON", () => {
  test("says the same", () => {
    const json: FilterInput = [
      { column: "fare", op: ">", value: 10 },
      { column: ["place", "x"], op: "in", value: ["1", true] },
      { column: "n", op: "is null" },
    ];
    expect(read(json)).toEqual(["fare; >; number 10", "place/x; in; string 1; boolean true", "n; is null"]);
  });

  test.each<[unknown[], string]>([
    [[1], "in condition 1: it is not a JSON object"],
    [[{ column: "a", op: "is null", value: 1 }], 'in condition 1: "is null" takes no "value"'],
    [[{ column: [], op: "is null" }], 'in condition 1: "column" must be'],
    [[{ column: "a", op: "=", value: null }], "for nulls there is"],
    [[{ column: "a", op: "=", value: 1, or: 2 }], 'unknown field "or"'],
    [[{ column: "a", op: "=", value: 2 ** 60 }], "write it as a string"],
    [Array.from({ length: filterConditionCountMax + 1 }, () => ({ column: "a", op: "is null" })), "the maximum is 64"],
  ])("%j is refused", (json, words) => {
    expect(() => parseFilter(json as FilterInput)).toThrow(words);
  });
});
