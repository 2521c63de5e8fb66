export { bindFilter, resolveFilter, type BoundFilter, type ResolvedCondition } from "./bind-filter.ts";
export { compareOf, type Compare } from "./compare.ts";
export type { Condition, Literal } from "./condition.ts";
export { selectRows } from "./select-rows.ts";
export { mayMatch, type ValueRange } from "./may-match.ts";
export { parseFilter } from "./parse-filter.ts";
