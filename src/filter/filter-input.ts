import type { FilterOperator } from "./operators.ts";

/** The value that a condition compares with. Values of types that JSON does not have are strings (docs/rows.md). */
export type FilterValue = string | number | boolean;

/** One condition of a filter, as JSON. */
export interface FilterCondition {
  /** The name of a column, or the path to a field of a struct. */
  readonly column: string | readonly string[];
  /** The operator. */
  readonly op: FilterOperator;
  /** One value; a list for `in` and `not in`; omitted for `is null` and `is not null`. */
  readonly value?: FilterValue | readonly FilterValue[];
}

/** A filter: text such as `fare > 10 and vendor in ('CMT')`, or conditions that must all be true. */
export type FilterInput = string | readonly FilterCondition[];
