import { describe, expect, test } from "vitest";
import type { Expression } from "../../../src/filter/expression.ts";
import { type FilterInput, parseFilter } from "../../../src/filter/index.ts";
import { filterConditionCountMax } from "../../../src/filter/limits.ts";

/** What a filter says, without where. */
function read(filter: FilterInput): string {
  return show(parseFilter(filter));
}

function show(expression: Expression): string {
  switch (expression.kind) {
    case "condition": {
      const values = expression.values.map((value) =>
        value.kind === "column" ? `column ${value.path.join("/")}` : `${value.kind} ${value.text}`,
      );
      const escape = expression.escape === undefined ? [] : [`escape ${expression.escape}`];
      return [expression.path.join("/"), expression.operator, ...values, ...escape].join("; ");
    }
    case "not":
      return `not [${show(expression.part)}]`;
    default:
      return `${expression.kind} [${expression.parts.map(show).join("] [")}]`;
  }
}

describe("a filter's text", () => {
  test.each([
    ["fare > 10 and vendor in ('CMT', 'it''s')", "and [fare; >; number 10] [vendor; in; string CMT; string it's]"],
    ['"a ""b"".c"."d"<>-1.5e3', 'a "b".c/d; !=; number -1.5e3'],
    ["place.x IS NOT NULL AND and = TRUE", "and [place/x; is not null] [and; =; boolean true]"],
    ["name Starts With 'x' and n not in (.5)", "and [name; starts with; string x] [n; not in; number .5]"],
    ["größe<=+7", "größe; <=; number +7"],
    ["is is null", "is; is null"],
    ["a = 1 or b = 2 and c = 3", "or [a; =; number 1] [and [b; =; number 2] [c; =; number 3]]"],
    ["(a = 1 or b = 2) and c = 3", "and [or [a; =; number 1] [b; =; number 2]] [c; =; number 3]"],
    ["not a = 1 and b = 2", "and [not [a; =; number 1]] [b; =; number 2]"],
    ["NOT NOT (a is null)", "not [not [a; is null]]"],
    ["not = 1 and not is null and not not is null", "and [not; =; number 1] [not; is null] [not [not; is null]]"],
    [
      "a between 1 and 2 and b not between c and 'x'",
      "and [a; between; number 1; number 2] [b; not between; column c; string x]",
    ],
    ['a < b.c and "d e" = "f"', "and [a; <; column b/c] [d e; =; column f]"],
    ["a like 'x!%%' escape '!'", "a; like; string x!%%; escape !"],
    [
      "a not ilike 'x' or a icontains 'y' or a not ends with 'z'",
      "or [a; not ilike; string x] [a; icontains; string y] [a; not ends with; string z]",
    ],
    [
      "at >= date '2026-11-29' and date < TIMESTAMP '2026-11-29'",
      "and [at; >=; string 2026-11-29] [date; <; string 2026-11-29]",
    ],
  ])("%s", (text, meaning) => {
    expect(read(text)).toBe(meaning);
  });

  test.each([
    ["a = 1x", "at character 5"],
    ["a = 'x' b", 'at character 9: expected AND, OR or the end, found "b"'],
    ["a = null", "at character 5: nothing is equal to NULL; write IS NULL"],
    ["a <> null", "write IS NOT NULL"],
    ["a == 1", "at character 3: write = instead of =="],
    ["a == 1 && b => 2 && c == 3", "write = instead of ==, and write AND instead of &&, and write >= instead of =>"],
    ["a is true", '"is"; IS is for NULL alone: write = true'],
    ["a is not 'x'", "\"is\"; IS is for NULL alone: write <> 'x'"],
    ["a is nan", "IS is for NULL alone: write = 'nan'"],
    ["a > 2024-01-15", "a date or a time is put in single quotes: '2024-01-15'"],
    ["a between 2024-01-15 and 2024-01-16", "found \"-01\"; a date or a time is put in single quotes: '2024-01-15'"],
    ["a in (2024-01-15)", "found \"-01\"; a date or a time is put in single quotes: '2024-01-15'"],
    ["a > 2024-01-15T10:00", "a date, a time or another string is put in single quotes: '2024-01-15T10:00'"],
    ["a = 15/01/2024", "put in single quotes: '15/01/2024'"],
    ["a fee > 1", 'found "fee"; a name with spaces is put in double quotes'],
    ["fee($) > 1", '"$" is not expected here; a name with signs or spaces is put in double quotes'],
    ["a = 'O'Brien'", "a string is not closed; a quote within a string is written twice: ''"],
    ["a = 1 && b = 2", "at character 7: write AND instead of &&"],
    ["a = 1 || b = 2", "at character 7: write OR instead of ||"],
    ["!a = 1", "at character 1: write NOT instead of !"],
    ["a => 1", "write >= instead of =>"],
    ["a = ‘x’", "at character 5: a string is put in straight quotes: '"],
    [
      'a in ("x")',
      "at character 7: expected a number, a 'string', TRUE or FALSE, found \"x\"; a string is put in single quotes: 'x'",
    ],
    ["a betwen 1 and 2", "did you mean BETWEEN?"],
    ["a contain 'x'", "did you mean CONTAINS?"],
    ["select fare", 'found "fare"; a name with spaces is put in double quotes'],
    ["a nul", 'found "nul"; a name with spaces is put in double quotes'],
    ["a between 1, 2", "at character 12: expected AND: write BETWEEN 1 AND 2"],
    ["(a = 1", "at character 7: expected AND, OR or ), found the end"],
    ["a = 1)", "at character 6: expected AND, OR or the end"],
    ["a = 2026-11-29", "at character 9"],
    [`${"(".repeat(65)}a = 1`, "it is nested more than 64 deep"],
    [`${"not ".repeat(65)}a = 1`, "it is nested more than 64 deep"],
    ["a in ()", "at character 7"],
    ["a in (1 2)", "at character 9: expected , or )"],
    [
      "a not null",
      'at character 3: expected an operator such as =, IN, BETWEEN, LIKE, CONTAINS or IS NULL, found "not"',
    ],
    ["a. = 1", "at character 4: expected the name of a column"],
    ['"a = 1', "at character 1: a name in quotes has no end"],
    ["a = 1 and", "at character 10"],
    ["a ~ 1", 'at character 3: "~" is not expected here'],
  ])("%s is refused", (text, words) => {
    expect(() => parseFilter(text)).toThrow(words);
  });
});

const nest = (depth: number): unknown[] => (depth === 0 ? [{ column: "a", op: "is null" }] : [nest(depth - 1)]);

describe("a filter's JSON", () => {
  test("says the same", () => {
    const json: FilterInput = [
      { column: "fare", op: ">", value: 10 },
      { column: ["place", "x"], op: "in", value: ["1", true] },
      { column: "n", op: "is null" },
    ];
    expect(read(json)).toBe("and [fare; >; number 10] [place/x; in; string 1; boolean true] [n; is null]");
    const nested: FilterInput = {
      or: [
        { not: { column: "a", op: "between", value: [1, { column: "b" }] } },
        [
          { column: "c", op: "like", value: "x!%%", escape: "!" },
          { and: [{ column: "d", op: "<", value: { column: ["e", "f"] } }] },
        ],
      ],
    };
    expect(read(nested)).toBe(
      "or [not [a; between; number 1; column b]] [and [c; like; string x!%%; escape !] [and [d; <; column e/f]]]",
    );
  });

  test.each<[unknown[], string]>([
    [[1], "in condition 1: it is not a JSON object"],
    [[{ column: "a", op: "is null", value: 1 }], 'in condition 1: "is null" takes no "value"'],
    [[{ column: [], op: "is null" }], 'in condition 1: "column" must be'],
    [[{ column: "a", op: "=", value: null }], "for nulls there is"],
    [[{ column: "a", op: "=", value: 1, or: 2 }], 'unknown field "or"'],
    [[{ column: "a", op: "=", value: 2 ** 60 }], "write it as a string"],
    [Array.from({ length: filterConditionCountMax + 1 }, () => ({ column: "a", op: "is null" })), "the maximum is 256"],
    [[{ or: [] }], 'in condition 1: "or" must have at least one condition'],
    [[{ or: [{ column: "a", op: "=" }] }], 'in condition 1.1: "value" must be'],
    [[{ or: [], and: [] }], 'unknown field "or"'],
    [[{ not: [] }], 'in condition 1.1: "and" must have at least one condition'],
    [[{ column: "a", op: "between", value: [1] }], '"value" must be a list of two values'],
    [[{ column: "a", op: "in", value: [{ column: "b" }] }], '"value" must be a number'],
    [[{ column: "a", op: "=", value: { name: "b" } }], 'unknown field "name"'],
    [[{ column: "a", op: "=", value: "x", escape: "!" }], '"escape" must be one character'],
    [nest(65), "it is nested more than 64 deep"],
  ])("%#", (json, words) => {
    expect(() => parseFilter(json as FilterInput)).toThrow(words);
  });
});
