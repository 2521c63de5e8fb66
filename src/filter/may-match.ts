import type { Scalar } from "../arrow/index.ts";
import type { ResolvedCondition } from "./bind-filter.ts";
import { compareWith } from "./matches.ts";

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

/** Whether a value of a range may match a condition. False means that no value matches. */
export function mayMatch(condition: ResolvedCondition, range: ValueRange): boolean {
  const { operator } = condition;
  const { rowCount, nullCount } = range;
  if (operator === "is null") return nullCount !== 0;
  if (nullCount === rowCount) return false;
  return operator === "is not null" || mayHoldValue(condition, range);
}

function mayHoldValue({ operator, constants, compare, fields }: ResolvedCondition, { min, max }: ValueRange): boolean {
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
    case "starts with": {
      const prefix = constant!.value as Uint8Array;
      const cut = (value: Scalar): Uint8Array => (value as Uint8Array).subarray(0, prefix.byteLength);
      return compare(cut(min), prefix) <= 0 && compare(cut(max), prefix) >= 0;
    }
    default:
      return true;
  }
}
