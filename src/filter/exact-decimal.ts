/** A decimal number with all its digits: `unscaled` divided by ten to the power of `scale`. */
export interface ExactDecimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

/** A number as a count of smaller steps: the greatest count that is not above it, and whether it is just that. */
export interface Steps {
  readonly floor: bigint;
  readonly isExact: boolean;
}

/**
 * The maximum number of digits and the maximum exponent: more than any column has. Larger numbers are refused, because
 * powers of ten need memory.
 */
const digitCountMax = 400;

/** Parses a number; undefined if the text is not a number, or if it has more than 400 digits including its exponent. */
export function parseDecimal(text: string): ExactDecimal | undefined {
  const [, sign, whole = "", fraction = "", exponent = "0"] =
    /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const scale = fraction.length - Number(exponent);
  if (whole.length + fraction.length > digitCountMax || Math.abs(scale) > digitCountMax) return undefined;
  const unscaled = BigInt(whole + fraction);
  return { unscaled: sign === "-" ? -unscaled : unscaled, scale };
}

/** A number in steps of ten to the power of minus `scale`. */
export function toSteps(decimal: ExactDecimal, scale: number): Steps {
  const shift = scale - decimal.scale;
  if (shift >= 0) return { floor: decimal.unscaled * 10n ** BigInt(shift), isExact: true };
  const divisor = 10n ** BigInt(-shift);
  const rest = decimal.unscaled % divisor;
  const quotient = decimal.unscaled / divisor;
  return { floor: rest < 0n ? quotient - 1n : quotient, isExact: rest === 0n };
}
