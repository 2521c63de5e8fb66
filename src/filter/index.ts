export {
  bindFilter,
  resolveFilter,
  type BoundExpression,
  type BoundFilter,
  type ResolvedExpression,
} from "./bind-filter.ts";
export type { BoundCondition, ResolvedCondition } from "./bind-condition.ts";
export { checkFilter, type FilterMistake } from "./check-filter.ts";
export { compareOf, type Compare } from "./compare.ts";
export { similarName } from "./find-field.ts";
export { FilterError } from "./filter-error.ts";
export type { FilterColumn, FilterCondition, FilterExpression, FilterInput, FilterValue } from "./filter-input.ts";
export { filterOperators, type FilterOperator } from "./operators.ts";
export { selectRows } from "./select-rows.ts";
export { mayMatch, type ValueRange } from "./may-match.ts";
export { parseFilter } from "./parse-filter.ts";
export { quoteColumn, quoteText } from "./quote.ts";
export { narrowFilter, type NarrowedColumn } from "./narrow-filter.ts";
export { splitFilter, type FilterPart } from "./split-filter.ts";
export { toConstant, type Constant } from "./to-constant.ts";
export type { Literal } from "./expression.ts";
