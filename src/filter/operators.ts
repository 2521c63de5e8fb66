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
  "between",
  "not between",
  "starts with",
  "not starts with",
  "ends with",
  "not ends with",
  "contains",
  "not contains",
  "icontains",
  "not icontains",
  "like",
  "not like",
  "ilike",
  "not ilike",
] as const;

/** What an operator compares a column with. */
export type OperandKind = "none" | "one" | "two" | "list" | "pattern";

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

const opposites: Partial<Record<FilterOperator, FilterOperator>> = {
  "=": "!=",
  "!=": "=",
  "<": ">=",
  "<=": ">",
  ">": "<=",
  ">=": "<",
  "is null": "is not null",
  "is not null": "is null",
};

/**
 * Returns the operator that is true where the given one is false. As in SQL, both are neither true nor false for a
 * null, except `is null` and `is not null`.
 */
export function negate(operator: FilterOperator): FilterOperator {
  const isNegated = operator.startsWith("not ");
  return opposites[operator] ?? ((isNegated ? operator.slice(4) : `not ${operator}`) as FilterOperator);
}

/** Returns what an operator takes. */
export function operandsOf(operator: FilterOperator): OperandKind {
  switch (operator) {
    case "is null":
    case "is not null":
      return "none";
    case "in":
    case "not in":
      return "list";
    case "between":
    case "not between":
      return "two";
    default:
      return operator in opposites ? "one" : "pattern";
  }
}

/** Words of the text of a filter. A column of such a name needs double quotes. */
export const filterWords: ReadonlySet<string> = new Set(
  ["and", "or", "not", "true", "false", "null", "escape"].concat(
    filterOperators.filter((operator) => /^[a-z]/.test(operator)).flatMap((operator) => operator.split(" ")),
  ),
);
