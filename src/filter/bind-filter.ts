import type { Field } from "../arrow/index.ts";
import { bindCondition, resolveCondition, type BoundCondition, type ResolvedCondition } from "./bind-condition.ts";
import type { Condition, Expression, Junction } from "./expression.ts";
import { negate } from "./operators.ts";

/**
 * A filter whose fields and constants have been found, without NOT: each NOT has become the opposite operator of the
 * conditions below it. In SQL a row is selected only if the filter is true, so a condition about a null may count as
 * false here, although SQL calls it unknown. It is plain data, so that it can be sent to workers.
 */
export type BoundExpression = BoundCondition | Junction<BoundExpression>;

/** A bound filter with the fields of one decoded schema. */
export type ResolvedExpression = ResolvedCondition | Junction<ResolvedExpression>;

/** Filters are bound once; workers resolve them. */
export interface BoundFilter {
  readonly expression: BoundExpression;
  /** The columns that the filter needs, by their index, rising. */
  readonly columnIndices: readonly number[];
}

/**
 * Resolves the fields of a filter in a schema, and converts its literals to values of their types.
 *
 * @throws FilterError with the position, if a field does not exist or is ambiguous, a literal is not a valid value, or a
 * type does not have the operator
 */
export function bindFilter(filter: Expression, columns: readonly Field[]): BoundFilter {
  const expression = bind(filter, columns, false);
  return { expression, columnIndices: [...new Set(columnsOf(expression))].sort((a, b) => a - b) };
}

/** Finds the fields of a bound filter in a schema that is equal to the one that it was bound to. */
export function resolveFilter({ expression }: Pick<BoundFilter, "expression">, columns: readonly Field[]) {
  const resolve = (part: BoundExpression): ResolvedExpression =>
    part.kind === "condition" ? resolveCondition(part, columns) : { kind: part.kind, parts: part.parts.map(resolve) };
  return resolve(expression);
}

function bind(expression: Expression, columns: readonly Field[], isNegated: boolean): BoundExpression {
  switch (expression.kind) {
    case "not":
      return bind(expression.part, columns, !isNegated);
    case "condition":
      return bindOne(
        { ...expression, operator: isNegated ? negate(expression.operator) : expression.operator },
        columns,
      );
    default: {
      const kind = isNegated ? opposite[expression.kind] : expression.kind;
      return { kind, parts: expression.parts.map((part) => bind(part, columns, isNegated)) };
    }
  }
}

const opposite = { and: "or", or: "and" } as const;

function bindOne(condition: Condition, columns: readonly Field[]): BoundExpression {
  const { operator, values } = condition;
  if (operator !== "between" && operator !== "not between") return bindCondition({ ...condition, operator }, columns);
  const isInside = operator === "between";
  const [from, to] = values;
  return {
    kind: isInside ? "and" : "or",
    parts: [
      bindCondition({ ...condition, operator: isInside ? ">=" : "<", values: [from!] }, columns),
      bindCondition({ ...condition, operator: isInside ? "<=" : ">", values: [to!] }, columns),
    ],
  };
}

function columnsOf(expression: BoundExpression): number[] {
  if (expression.kind !== "condition") return expression.parts.flatMap(columnsOf);
  const { field, other } = expression;
  return [field.indices[0]!, ...(other ? [other.indices[0]!] : [])];
}
