import { quoteName } from "../flight/index.ts";
import type { Condition, Expression, Literal, Operand } from "./expression.ts";
import { refused, type Place } from "./filter-error.ts";
import { filterDepthMax } from "./limits.ts";
import { filterOperators, operandsOf, type FilterOperator } from "./operators.ts";

/**
 * Parses a filter as JSON. Messages number the conditions from 1, in a list inside another one as `2.1`.
 *
 * @throws FilterError
 */
export function parseJson(json: unknown): Expression {
  return parse(json, []);
}

function parse(json: unknown, numbers: readonly number[]): Expression {
  const place = { words: numbers.length === 0 ? "as JSON" : `in condition ${numbers.join(".")}` };
  if (numbers.length > filterDepthMax) throw refused(place, `it is nested more than ${filterDepthMax} deep`);
  if (Array.isArray(json)) return parseParts("and", json, { numbers, place });
  if (typeof json !== "object" || json === null) throw refused(place, "it is not a JSON object");
  const fields = json as Record<string, unknown>;
  const kind = (["and", "or", "not"] as const).find((each) => Object.hasOwn(fields, each));
  if (kind === undefined || Object.hasOwn(fields, "column")) return parseCondition(fields, place);
  assertNoOthers(fields, [kind], place);
  if (kind === "not") return { kind, part: parse(fields["not"], [...numbers, 1]), place };
  const parts = fields[kind];
  if (!Array.isArray(parts)) throw refused(place, `"${kind}" must be a list of conditions`);
  return parseParts(kind, parts, { numbers, place });
}

function parseParts(
  kind: "and" | "or",
  parts: readonly unknown[],
  { numbers, place }: { readonly numbers: readonly number[]; readonly place: Place },
): Expression {
  if (parts.length === 0) {
    if (numbers.length === 0) throw refused({ words: "is empty" }, "it must have at least one condition");
    throw refused(place, `"${kind}" must have at least one condition`);
  }
  return { kind, parts: parts.map((part, i) => parse(part, [...numbers, i + 1])), place };
}

function parseCondition(fields: Record<string, unknown>, place: Place): Condition {
  assertNoOthers(fields, ["column", "op", "value", "escape"], place);
  const path = parsePath(fields["column"], place);
  const operator = filterOperators.find((each) => each === fields["op"]);
  if (operator === undefined) throw refused(place, `"op" must be one of ${filterOperators.join(", ")}`);
  const { escape } = fields;
  if (escape !== undefined && (typeof escape !== "string" || !operator.endsWith("like"))) {
    throw refused(place, '"escape" must be one character, and is only for "like" and "ilike"');
  }
  const values = parseValues(operator, fields["value"], place);
  return { kind: "condition", path, pathPlace: place, operator, values, escape, place };
}

function assertNoOthers(fields: object, known: readonly string[], place: Place): void {
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown !== undefined) throw refused(place, `it has an unknown field ${quoteName(unknown)}`);
}

function parsePath(column: unknown, place: Place): readonly string[] {
  const path: unknown = typeof column === "string" ? [column] : column;
  if (Array.isArray(path) && path.length > 0 && path.every((name) => typeof name === "string")) return path;
  throw refused(place, '"column" must be a name, or a list of names down to a nested field');
}

function parseValues(operator: FilterOperator, value: unknown, place: Place): readonly Operand[] {
  switch (operandsOf(operator)) {
    case "none":
      if (value !== undefined) throw refused(place, `"${operator}" takes no "value"`);
      return [];
    case "list":
      if (!Array.isArray(value) || value.length === 0)
        throw refused(place, '"value" must be a list of at least one value');
      return value.map((each) => parseValue(each, place));
    case "two":
      if (!Array.isArray(value) || value.length !== 2) throw refused(place, '"value" must be a list of two values');
      return value.map((each) => parseOperand(each, place));
    case "pattern":
      return [parseValue(value, place)];
    case "one":
      return [parseOperand(value, place)];
  }
}

function parseOperand(value: unknown, place: Place): Operand {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return parseValue(value, place);
  assertNoOthers(value, ["column"], place);
  return { kind: "column", path: parsePath((value as Record<string, unknown>)["column"], place), place };
}

function parseValue(value: unknown, place: Place): Literal {
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
