import type { ElementReader, Scalar } from "../arrow/index.ts";
import type { ResolvedCondition } from "./bind-filter.ts";
import type { Compare } from "./compare.ts";
import type { Constant } from "./to-constant.ts";

/** Compares a value with a literal, which may lie between two values of the type. */
export function compareWith(compare: Compare, value: Scalar, { value: constant, isExact }: Constant): number {
  const order = compare(value, constant);
  return order === 0 && !isExact ? -1 : order;
}

/** Says of a value that is not null whether it meets a condition; never called for `is null` and `is not null`. */
export function matcherOf({ operator, constants, compare }: ResolvedCondition): (value: Scalar) => boolean {
  const [first] = constants;
  switch (operator) {
    case "in":
      return (value) => includes(constants, value, compare);
    case "not in":
      return (value) => !includes(constants, value, compare);
    case "starts with": {
      const prefix = first!.value as Uint8Array;
      return (value) => startsWith(value as Uint8Array, prefix);
    }
    case "=":
      return (value) => compareWith(compare, value, first!) === 0;
    case "!=":
      return (value) => compareWith(compare, value, first!) !== 0;
    case "<":
      return (value) => compareWith(compare, value, first!) < 0;
    case "<=":
      return (value) => compareWith(compare, value, first!) <= 0;
    case ">":
      return (value) => compareWith(compare, value, first!) > 0;
    case ">=":
      return (value) => compareWith(compare, value, first!) >= 0;
    case "is null":
    case "is not null":
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

function startsWith(value: Uint8Array, prefix: Uint8Array): boolean {
  return value.byteLength >= prefix.byteLength && prefix.every((byte, i) => byte === value[i]);
}

/** Evaluates shared values only once, such as the values of a dictionary. */
export function memoized(read: ElementReader<boolean>, count: number): ElementReader<boolean> {
  const known = new Int8Array(count).fill(-1);
  return (index) => (known[index]! < 0 ? (known[index] = Number(read(index))) : known[index]!) === 1;
}
