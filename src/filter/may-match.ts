import type { Scalar } from "../arrow/index.ts";
import type { ResolvedCondition } from "./bind-condition.ts";
import { compareOf } from "./compare.ts";
import { compareWith } from "./matches.ts";
import { prefixOf } from "./text-pattern.ts";

/** Statistics of a range of values of a field, one value for each row. */
export interface ValueRange {
  /** How many there are. */
  readonly rowCount: number;
  /** The number of nulls; undefined if it is not known. */
  readonly nullCount: number | undefined;
  /** The lower bound of values that are neither null nor NaN; undefined if it is not known. */
  readonly min: Scalar | undefined;
  /** The upper bound of values that are neither null nor NaN; undefined if it is not known. */
  readonly max: Scalar | undefined;
}

/**
 * Whether a value of a range may match a condition. False means that no value matches. In a comparison of two columns,
 * the range is of the first one.
 */
export function mayMatch(condition: ResolvedCondition, range: ValueRange): boolean {
  const { operator } = condition;
  const { rowCount, nullCount } = range;
  if (operator === "is null") return nullCount !== 0;
  if (nullCount === rowCount) return false;
  // Two columns are compared row by row; their bounds are not compared.
  return operator === "is not null" || condition.other !== undefined || mayHoldValue(condition, range);
}

function mayHoldValue(condition: ResolvedCondition, { min, max }: ValueRange): boolean {
  const { operator, constants, pattern, compare, fields } = condition;
  if (min === undefined || max === undefined || Number.isNaN(min) || Number.isNaN(max)) return true;
  // NaN is greater than all numbers, and no statistics tell of it.
  const mayHaveNaN = fields.at(-1)!.type.kind === "float";
  const [constant] = constants;
  switch (operator) {
    case "=":
    case "in":
      return constants.some(
        (each) =>
          (mayHaveNaN && Number.isNaN(each.value)) ||
          (each.isExact && compare(min, each.value) <= 0 && compare(max, each.value) >= 0),
      );
    case "<":
      return compareWith(compare, min, constant!) < 0;
    case "<=":
      return compareWith(compare, min, constant!) <= 0;
    case ">":
      return mayHaveNaN || compareWith(compare, max, constant!) > 0;
    case ">=":
      return mayHaveNaN || compareWith(compare, max, constant!) >= 0;
    case "!=":
      return mayHaveNaN || !(constant!.isExact && compare(min, constant!.value) === 0 && compare(max, min) === 0);
    case "matches": {
      const prefix = prefixOf(pattern!);
      const order = (value: Scalar): number =>
        compareBytes((value as Uint8Array).subarray(0, prefix.byteLength), prefix);
      return order(min) <= 0 && order(max) >= 0;
    }
    default:
      return true;
  }
}

const compareBytes = compareOf(new Uint8Array());
