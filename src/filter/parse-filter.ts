import { commandBytesMax, filterConditionCountMax, quoteName } from "../flight/index.ts";
import { refused, type Condition, type Literal } from "./condition.ts";
import type { FilterInput } from "./filter-input.ts";
import { filterOperators } from "./operators.ts";
import { parseText } from "./parse-text.ts";

/**
 * Parses a filter: text, or a list of conditions as JSON. All conditions must match. `bindFilter` checks the columns
 * and the types of values.
 *
 * @throws FlightError INVALID_ARGUMENT with the position of the mistake
 */
export function parseFilter(filter: FilterInput): readonly Condition[] {
  if (typeof filter === "string" && filter.length > commandBytesMax) {
    throw refused("is too long", `it has ${filter.length} characters; the maximum is ${commandBytesMax}`);
  }
  const conditions = typeof filter === "string" ? parseText(filter) : filter.map(parseCondition);
  if (conditions.length === 0) throw refused("is empty", "it must have at least one condition");
  if (conditions.length > filterConditionCountMax) {
    throw refused("is too long", `it has ${conditions.length} conditions; the maximum is ${filterConditionCountMax}`);
  }
  return conditions;
}

function parseCondition(json: unknown, index: number): Condition {
  const place = `in condition ${index + 1}`;
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw refused(place, "it is not a JSON object");
  const { column, op, value, ...rest } = json as Record<string, unknown>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw refused(place, `it has an unknown field ${quoteName(unknown)}`);
  const path = typeof column === "string" ? [column] : column;
  if (!isPath(path)) throw refused(place, '"column" must be a name, or a list of names down to a nested field');
  const operator = filterOperators.find((each) => each === op);
  if (operator === undefined) throw refused(place, `"op" must be one of ${filterOperators.join(", ")}`);
  return { path, operator, values: parseValues(operator, value, place), place };
}

function isPath(path: unknown): path is string[] {
  return Array.isArray(path) && path.length > 0 && path.every((name) => typeof name === "string");
}

function parseValues(operator: Condition["operator"], value: unknown, place: string): Literal[] {
  switch (operator) {
    case "is null":
    case "is not null":
      if (value !== undefined) throw refused(place, `"${operator}" takes no "value"`);
      return [];
    case "in":
    case "not in":
      if (!Array.isArray(value) || value.length === 0)
        throw refused(place, '"value" must be a list of at least one value');
      return value.map((each) => parseValue(each, place));
    default:
      return [parseValue(value, place)];
  }
}

function parseValue(value: unknown, place: string): Literal {
  switch (typeof value) {
    case "string":
      return { kind: "string", text: value, place };
    case "boolean":
      return { kind: "boolean", text: String(value), place };
    case "number":
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
        throw refused(place, "a number beyond 2^53 loses precision in JSON; write it as a string");
      }
      return { kind: "number", text: String(value), place };
    default:
      throw refused(place, '"value" must be a number, a string or a boolean; for nulls there is "is null"');
  }
}
