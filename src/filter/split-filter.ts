import type { Expression, Operand } from "./expression.ts";
import { FilterError } from "./filter-error.ts";
import { parseFilter } from "./parse-filter.ts";

/** A part of a filter that must be true by itself. */
export interface FilterPart {
  /** The text of the part. It is in parentheses where it needs them beside other parts. */
  readonly text: string;
  /** The columns of the part, each as its name followed by the names of struct fields. A column may be there twice. */
  readonly columns: readonly (readonly string[])[];
}

/** Splits the text of a filter at each AND outside of parentheses; undefined if the text is not a filter. */
export function splitFilter(filter: string): readonly FilterPart[] | undefined {
  try {
    const expression = parseFilter(filter);
    const parts = expression.kind === "and" ? expression.parts : [expression];
    return parts.map((part) => ({ text: textOf(part, filter), columns: columnsOf(part) }));
  } catch (error) {
    if (error instanceof FilterError) return undefined;
    throw error;
  }
}

function textOf(expression: Expression, filter: string): string {
  const { start, end } = expression.place;
  const text = filter.slice(start, end);
  // Parentheses around the whole begin before its first part.
  const isOpen = expression.kind === "or" && expression.parts[0]!.place.start === start;
  return isOpen ? `(${text})` : text;
}

function columnsOf(expression: Expression): (readonly string[])[] {
  switch (expression.kind) {
    case "condition":
      return [expression, ...expression.values.filter(isColumn)].map(({ path }) => path);
    case "not":
      return columnsOf(expression.part);
    default:
      return expression.parts.flatMap(columnsOf);
  }
}

function isColumn(operand: Operand): operand is Extract<Operand, { kind: "column" }> {
  return operand.kind === "column";
}
