import type { Field, Scalar } from "../arrow/index.ts";
import { resolveCondition, type BoundCondition } from "./bind-condition.ts";
import type { BoundExpression, BoundFilter } from "./bind-filter.ts";
import type { Literal } from "./expression.ts";
import { resolveField, type BoundField } from "./find-field.ts";
import { matcherOf, orderTest } from "./matches.ts";
import { toConstant } from "./to-constant.ts";

/** A column of a dataset in one of its files: a column of the file, or the same value in each row. */
export type NarrowedColumn =
  | { readonly kind: "own"; readonly index: number }
  /** `value` is undefined for null; `literal` is the value as it is written in a filter. */
  | { readonly kind: "constant"; readonly value: Scalar | undefined; readonly literal?: Literal };

/** The columns of a dataset, and where a file has them. */
export interface NarrowedColumns {
  /** The columns that the filter is bound to. */
  readonly fields: readonly Field[];
  /** The same columns in the file. */
  readonly columns: readonly NarrowedColumn[];
}

/**
 * Returns what a dataset's filter says about one of its files: the filter for the file's own columns; true if all rows
 * meet it; false if none does, so that the file need not be opened.
 *
 * @throws FilterError if a constant is compared with a column whose type has no such value
 */
export function narrowFilter({ expression }: BoundFilter, columns: NarrowedColumns): BoundFilter | boolean {
  const narrowed = narrow(expression, columns);
  return typeof narrowed === "boolean" ? narrowed : { expression: narrowed, columnIndices: indicesOf(narrowed) };
}

function narrow(expression: BoundExpression, columns: NarrowedColumns): BoundExpression | boolean {
  if (expression.kind === "condition") return narrowCondition(expression, columns);
  const { kind } = expression;
  // In an AND, false decides; in an OR, true does.
  const decides = kind === "or";
  const parts: BoundExpression[] = [];
  for (const part of expression.parts) {
    const narrowed = narrow(part, columns);
    if (narrowed === decides) return decides;
    if (typeof narrowed !== "boolean") parts.push(narrowed);
  }
  if (parts.length < 2) return parts[0] ?? !decides;
  return { kind, parts };
}

function narrowCondition(condition: BoundCondition, narrowed: NarrowedColumns): BoundExpression | boolean {
  const { field, other, operator } = condition;
  const column = columnOf(field, narrowed);
  const otherColumn = other && columnOf(other, narrowed);
  // A comparison with a null is never met.
  if (otherColumn?.kind === "constant" && otherColumn.value === undefined) return false;
  if (column.kind === "constant") {
    if (column.value === undefined) return operator === "is null";
    if (otherColumn?.kind !== "own") return isMet(condition, column.value, { narrowed, other: otherColumn?.value });
    const flipped = flippedOperators[operator]!;
    return compareWithLiteral({ ...condition, operator: flipped, field: other! }, column.literal!, narrowed);
  }
  if (otherColumn?.kind === "constant") return compareWithLiteral(condition, otherColumn.literal!, narrowed);
  const own = toOwn(field, narrowed);
  return other ? { ...condition, field: own, other: toOwn(other, narrowed) } : { ...condition, field: own };
}

const flippedOperators: Partial<Record<BoundCondition["operator"], BoundCondition["operator"]>> = {
  "=": "=",
  "!=": "!=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
};

function columnOf({ indices }: BoundField, { columns }: NarrowedColumns): NarrowedColumn {
  return columns[indices[0]!]!;
}

function toOwn(field: BoundField, narrowed: NarrowedColumns): BoundField {
  const column = columnOf(field, narrowed);
  const index = column.kind === "own" ? column.index : -1;
  return { ...field, indices: [index, ...field.indices.slice(1)] };
}

function compareWithLiteral(
  { kind, operator, field }: BoundCondition,
  literal: Literal,
  narrowed: NarrowedColumns,
): BoundExpression {
  const compared = resolveField(field, narrowed.fields).at(-1)!;
  return { kind, operator, field: toOwn(field, narrowed), constants: [toConstant(compared, literal)] };
}

/** Evaluates a condition about a value that is not null. */
function isMet(
  condition: BoundCondition,
  value: Scalar,
  { narrowed, other }: { readonly narrowed: NarrowedColumns; readonly other: Scalar | undefined },
): boolean {
  if (condition.operator === "is null" || condition.operator === "is not null") {
    return condition.operator === "is not null";
  }
  const resolved = resolveCondition(condition, narrowed.fields);
  if (resolved.other === undefined) return matcherOf(resolved)(value);
  const { left, right } = resolved.other.comparison;
  return orderTest(condition.operator)(resolved.compare(left(value), right(other!)));
}

function indicesOf(expression: BoundExpression): number[] {
  const indices = new Set<number>();
  const collect = (part: BoundExpression): void => {
    if (part.kind !== "condition") return part.parts.forEach(collect);
    for (const field of [part.field, part.other]) if (field) indices.add(field.indices[0]!);
  };
  collect(expression);
  return [...indices].sort((a, b) => a - b);
}
