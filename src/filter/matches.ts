import type { ElementReader, Scalar } from "../arrow/index.ts";
import type { ResolvedCondition } from "./bind-condition.ts";
import type { Compare } from "./compare.ts";
import { patternMatcher } from "./match-pattern.ts";
import type { Constant } from "./to-constant.ts";

/** Compares a value with a literal, which may lie between two values of the type. */
export function compareWith(compare: Compare, value: Scalar, { value: constant, isExact }: Constant): number {
  const order = compare(value, constant);
  return order === 0 && !isExact ? -1 : order;
}

/** Says of a value that is not null whether it meets a condition with constants or a pattern. */
export function matcherOf({ operator, constants, pattern, compare }: ResolvedCondition): (value: Scalar) => boolean {
  switch (operator) {
    case "in":
      return (value) => includes(constants, value, compare);
    case "not in":
      return (value) => !includes(constants, value, compare);
    case "matches":
      return patternMatcher(pattern!) as (value: Scalar) => boolean;
    case "not matches": {
      const matches = patternMatcher(pattern!);
      return (value) => !matches(value as Uint8Array);
    }
    default: {
      const isMet = orderTest(operator);
      const [constant] = constants as readonly [Constant];
      return (value) => isMet(compareWith(compare, value, constant));
    }
  }
}

/** Says of the order of two values that are not null whether a comparison is true. */
export function orderTest(operator: ResolvedCondition["operator"]): (order: number) => boolean {
  switch (operator) {
    case "=":
      return (order) => order === 0;
    case "!=":
      return (order) => order !== 0;
    case "<":
      return (order) => order < 0;
    case "<=":
      return (order) => order <= 0;
    case ">":
      return (order) => order > 0;
    case ">=":
      return (order) => order >= 0;
    default:
      throw new RangeError(`${operator} does not compare values`);
  }
}

/** By bisection, as a list may have thousands of values. @param constants - rising */
function includes(constants: readonly Constant[], value: Scalar, compare: Compare): boolean {
  let low = 0;
  let high = constants.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compare(value, constants[middle]!.value);
    if (order === 0) return true;
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return false;
}

/** Evaluates shared values only once, such as the values of a dictionary. */
export function memoized(read: ElementReader<boolean>, count: number): ElementReader<boolean> {
  const known = new Int8Array(count).fill(-1);
  return (index) => (known[index]! < 0 ? (known[index] = Number(read(index))) : known[index]!) === 1;
}
