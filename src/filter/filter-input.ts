import type { FilterOperator } from "./operators.ts";

/** A value in a filter. Values of types that JSON does not have are strings (docs/rows.md). */
export type FilterValue = string | number | boolean;

/** A column that another column is compared with. */
export interface FilterColumn {
  /** The name of a column, or the path to a field of a struct. */
  readonly column: string | readonly string[];
}

/** One condition of a filter, as JSON. */
export interface FilterCondition extends FilterColumn {
  /** The operator. */
  readonly op: FilterOperator;
  /**
   * One value or column; a list of values for `in` and `not in`; a list of two for `between` and `not between`; omitted
   * for `is null` and `is not null`.
   */
  readonly value?: FilterValue | FilterColumn | readonly (FilterValue | FilterColumn)[];
  /** For `like` and `ilike`: the character that makes the next `%` or `_` literal; none by default. */
  readonly escape?: string;
}

/** A filter as JSON. A list is the same as `and`. */
export type FilterExpression =
  | FilterCondition
  | readonly FilterExpression[]
  | { readonly and: readonly FilterExpression[] }
  | { readonly or: readonly FilterExpression[] }
  | { readonly not: FilterExpression };

/** A filter: text such as `fare > 10 and vendor in ('CMT')`, or the same as JSON. */
export type FilterInput = string | FilterExpression;
