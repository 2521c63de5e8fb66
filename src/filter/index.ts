export { bindFilter, resolveFilter, type BoundFilter, type ResolvedCondition } from "./bind-filter.ts";
export { compareOf, type Compare } from "./compare.ts";
export type { Condition, Literal } from "./condition.ts";
export type { FilterCondition, FilterInput, FilterValue } from "./filter-input.ts";
export { filterOperators, type FilterOperator } from "./operators.ts";
export { selectRows } from "./select-rows.ts";
export { mayMatch, type ValueRange } from "./may-match.ts";
export { parseFilter } from "./parse-filter.ts";
