/** An operator of a filter condition. */
export type FilterOperator = (typeof filterOperators)[number];

/** All operators of filter conditions. */
export const filterOperators = [
  "=",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "in",
  "not in",
  "is null",
  "is not null",
  "starts with",
] as const;

/** The symbols of comparisons in the text of a filter, with their operators. */
export const comparisonSymbols: Readonly<Record<string, FilterOperator>> = {
  "=": "=",
  "!=": "!=",
  "<>": "!=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};
