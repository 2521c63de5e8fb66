import { commandBytesMax } from "../flight/index.ts";
import type { Expression } from "./expression.ts";
import { refused } from "./filter-error.ts";
import type { FilterInput } from "./filter-input.ts";
import { filterConditionCountMax } from "./limits.ts";
import { parseJson } from "./parse-json.ts";
import { parseText } from "./parse-text.ts";

/**
 * Parses a filter: text, or JSON. `bindFilter` checks the columns and the types of values.
 *
 * @throws FilterError INVALID_ARGUMENT with the position of the mistake
 */
export function parseFilter(filter: FilterInput): Expression {
  if (typeof filter === "string" && filter.length > commandBytesMax) {
    const problem = `it has ${filter.length} characters; the maximum is ${commandBytesMax}`;
    throw refused({ words: "is too long" }, problem);
  }
  const expression = typeof filter === "string" ? parseText(filter) : parseJson(filter);
  const conditionCount = countConditions(expression);
  if (conditionCount > filterConditionCountMax) {
    const problem = `it has ${conditionCount} conditions; the maximum is ${filterConditionCountMax}`;
    throw refused({ words: "is too long" }, problem);
  }
  return expression;
}

function countConditions(expression: Expression): number {
  switch (expression.kind) {
    case "condition":
      return 1;
    case "not":
      return countConditions(expression.part);
    default:
      return expression.parts.reduce((sum, part) => sum + countConditions(part), 0);
  }
}
