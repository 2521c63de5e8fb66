import { expect, test } from "vitest";
import type { DataType, Field } from "../../../src/arrow/index.ts";
import {
  bindFilter,
  narrowFilter,
  parseFilter,
  type BoundExpression,
  type NarrowedColumn,
} from "../../../src/filter/index.ts";

const fieldOf = (name: string, type: DataType): Field => ({
  name,
  nullable: true,
  type,
  children: [],
  metadata: new Map(),
});
const int64: DataType = { kind: "int", bitWidth: 64, signed: true };

/** A dataset with a partition column, one of its files has `n` and `s` in another order, and not `missing`. */
const fields = [fieldOf("s", { kind: "utf8" }), fieldOf("missing", int64), fieldOf("n", int64), fieldOf("year", int64)];
const literal = { kind: "number", text: "2026", place: { words: "" } } as const;
const columns: NarrowedColumn[] = [
  { kind: "own", index: 1 },
  { kind: "constant", value: undefined },
  { kind: "own", index: 0 },
  { kind: "constant", value: 2026n, literal },
];

function show(expression: BoundExpression): string {
  if (expression.kind !== "condition") return `(${expression.parts.map(show).join(` ${expression.kind} `)})`;
  const { field, operator, constants, other } = expression;
  return [field.indices, operator, other ? `column ${other.indices.join(".")}` : constants.map(({ value }) => value)]
    .join(" ")
    .trim();
}

test.each<readonly [string, boolean | string]>([
  ["year = 2026", true],
  ["year = 2025", false],
  ["year in (2024, 2026)", true],
  ["year is null", false],
  ["year is not null", true],
  ["missing is null", true],
  ["missing = 1", false],
  ["not (missing = 1)", false],
  ["missing is not null or year > 2000", true],
  ["year = 2026 and n > 5", "0 > 5"],
  ["year = 2025 and n > 5", false],
  ["year = 2025 or n > 5", "0 > 5"],
  ["year = 2026 or n > 5", true],
  ["not (year = 2026 and n > 5)", "0 <= 5"],
  ["n > 5 and s = 'x' and year > 1", "(0 > 5 and 1 = 120)"],
  ["n > year", "0 > 2026"],
  ["year > n", "0 < 2026"],
  ["year <= n", "0 >= 2026"],
  ["n = missing", false],
  ["missing != n", false],
  ["year = missing", false],
  ["year >= year", true],
  ["n = n", "0 = column 0"],
])("%s is %s for a file of the partition year=2026", (text, expected) => {
  const narrowed = narrowFilter(bindFilter(parseFilter(text), fields), { fields, columns });
  if (typeof narrowed === "boolean") return expect(narrowed).toBe(expected);
  expect(show(narrowed.expression)).toBe(expected);
  expect(narrowed.columnIndices).toEqual(
    [...new Set(String(expected).match(/\b[01](?= [=<>])/g))].map(Number).toSorted((a, b) => a - b),
  );
});
