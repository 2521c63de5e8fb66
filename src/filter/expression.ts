import type { Place } from "./filter-error.ts";
import type { FilterOperator } from "./operators.ts";

/** A value in a filter, as it was written. Its type is the column's, which is not known yet. */
export interface Literal {
  readonly kind: "number" | "string" | "boolean";
  readonly text: string;
  readonly place: Place;
}

/** A column that another column is compared with. */
export interface ColumnOperand {
  readonly kind: "column";
  readonly path: readonly string[];
  readonly place: Place;
}

/** What a column is compared with. */
export type Operand = Literal | ColumnOperand;

/** One condition of a filter, as it was written. */
export interface Condition {
  readonly kind: "condition";
  /** The name of the column, followed by the names of struct fields. */
  readonly path: readonly string[];
  /** The place of the name. */
  readonly pathPlace: Place;
  readonly operator: FilterOperator;
  /** As many as the operator takes. Lists and patterns have only literals. */
  readonly values: readonly Operand[];
  /** The character that makes the next one of a LIKE pattern literal; undefined for none. */
  readonly escape?: string | undefined;
  readonly place: Place;
}

/** Expressions of which all must be true, or at least one. */
export interface Junction<Part> {
  readonly kind: "and" | "or";
  readonly parts: readonly Part[];
}

/** A filter as it was written. */
export type Expression =
  | Condition
  | (Junction<Expression> & { readonly place: Place })
  | { readonly kind: "not"; readonly part: Expression; readonly place: Place };
