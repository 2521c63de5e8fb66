import { describe, expect, test } from "vitest";
import { addCondition, cellConditions, conditionOf, setCondition } from "../../../web/src/selection/filter-text.ts";
import type { DataType, Field } from "../../../src/arrow/index.ts";

describe("a condition is added", () => {
  test.each([
    ["", "a = 1", "a = 1"],
    ["a = 1", "a = 1", "a = 1"],
    ["a = 1 and b = 2", "a = 1", "a = 1 and b = 2"],
    ["a = 1 or b = 2", "c = 3", "(a = 1 or b = 2) and c = 3"],
    ["a = 1", "b = 2 or c = 3", "a = 1 and (b = 2 or c = 3)"],
    ["a between 1 and 2", "a = 3", "a between 1 and 2 and a = 3"],
    ["a = 1 or b = 2", "c ", "(a = 1 or b = 2) and c "],
    ["a = 1 and", "c ", "a = 1 and c "],
    ["a >", "c = 1", "a > and c = 1"],
    ["a = 'x and y'", "b >= 1 and b < 2", "a = 'x and y' and b >= 1 and b < 2"],
  ])("to %j: %j", (filter, condition, result) => {
    expect(addCondition(filter, condition)).toBe(result);
  });
});

describe("a condition takes the place of those about its column", () => {
  test.each([
    ["a > 1 and b = 2 and a < 3", "a = 5", "b = 2 and a = 5"],
    ["(a > 1 or a is null) and b = 2", "", "b = 2"],
    ["(a > 1 or b = 2)", "a = 5", "(a > 1 or b = 2) and a = 5"],
    ["a.x = 1 and a is null", "", "a.x = 1"],
    ["a >", "a = 1", "a > and a = 1"],
  ])("%j: %j", (filter, condition, result) => {
    expect(setCondition(filter, { name: "a" }, condition)).toBe(result);
  });

  test("and those about a field of a struct about this field", () => {
    const field = { name: "a.x", path: ["a", "x"] };
    expect(setCondition("a.x > 1 and a is not null and a.y = 2", field, "a.x = 5")).toBe(
      "a is not null and a.y = 2 and a.x = 5",
    );
    expect(conditionOf("a.x > 1 and a is not null", field)).toBe("a.x > 1");
  });

  test("which are known", () => {
    expect(conditionOf("a > 1 and b = 2 and a < b and not a = 2", { name: "a" })).toBe("a > 1 and not a = 2");
  });
});

test("only the rows of a cell's value, and all others", () => {
  const field = (type: DataType): Field => ({ name: "a b", nullable: true, type, children: [], metadata: new Map() });
  const int: DataType = { kind: "int", bitWidth: 32, signed: true };
  expect(cellConditions(field(int), "5")).toEqual({ only: '"a b" = 5', not: '("a b" != 5 or "a b" is null)' });
  expect(cellConditions(field({ kind: "utf8" }), "it's").only).toBe(`"a b" = 'it''s'`);
  expect(cellConditions(field({ kind: "binary" }), "AP8Q").only).toBe(`"a b" = '0x00ff10'`);
  const marked: Field = { ...field({ kind: "binary" }), metadata: new Map([["hangar.logical_type", "ENUM"]]) };
  expect(cellConditions(marked, "AP8Q").only).toBe(`"a b" = 'AP8Q'`);
  expect(cellConditions(field(int), null)).toEqual({ only: '"a b" is null', not: '"a b" is not null' });
});
