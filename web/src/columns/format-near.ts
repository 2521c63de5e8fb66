import type { DataType, Field } from "hangar/flight";
import { formatScalar, ticksPerSecond } from "hangar/rows";
import { roundRatio, type Ratio } from "./ratio.ts";

/** Digits that a computed number is shown with; a float of 32 bits has no more than seven. */
const digits = 9;
const singleDigits = 7;

/** Whole numbers from here on are rounded to whole numbers: they have as many digits by themselves. */
const wholeMin = 10n ** BigInt(digits);

/** A part of the standard deviation that a float may be rounded by. */
const roundedPart = 1e-3;

/** What a computed number stands between, and how far values are apart. */
export interface Spread {
  readonly min: number;
  readonly max: number;
  /** The standard deviation; 0 where there is none. */
  readonly deviation: number;
}

/**
 * Writes a mean or a quantile of a column of whole numbers: of decimals from their integers, of times from their ticks. No
 * digit before the point of these is lost, so that it stays between the least and the greatest value. Times are rounded
 * to a tick; pure.
 */
export function formatRatio(field: Field, ratio: Ratio): string {
  const { type } = field;
  if (type.kind === "int" || type.kind === "decimal") {
    const whole = roundRatio(ratio);
    if (-wholeMin < whole && whole < wholeMin) {
      return shorten(type, Number(ratio.numerator) / Number(ratio.denominator), digits);
    }
    const text = formatScalar(field)(whole);
    return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  }
  if (type.kind !== "date") return formatScalar(field)(roundRatio(ratio));
  const perDay = type.unit === "day" ? 1n : 86_400_000n;
  const days = roundRatio({ ...ratio, denominator: perDay * ratio.denominator });
  return formatScalar({ ...field, type: { kind: "date", unit: "day" } })(Number(days));
}

/**
 * Writes a mean or a quantile of a column of floats, with few digits, as long as it stays between the least and the
 * greatest value, and is wrong by a small part of what values differ by; pure.
 */
export function formatFloatNear(field: Field, value: number, { min, max, deviation }: Spread): string {
  const { type } = field;
  if (type.kind === "float" && type.bitWidth === 32 && Math.fround(value) === value) return formatScalar(field)(value);
  for (let count = isSingle(type) ? singleDigits : digits; count <= 17; count++) {
    const short = Number(value.toPrecision(count));
    if (short >= min && short <= max && Math.abs(short - value) <= roundedPart * deviation) return String(short);
  }
  return String(Math.min(max, Math.max(min, value)));
}

/** Writes a standard deviation: as a number of the column, or of times in the largest unit that leaves one; pure. */
export function formatDeviation({ type }: Field, value: number): string {
  const seconds = secondsOf(type);
  if (seconds === undefined) return shorten(type, value, isSingle(type) ? singleDigits : digits);
  const [unit, length] = units.find(([, length]) => value * seconds >= length) ?? units.at(-1)!;
  return `${Number(((value * seconds) / length).toPrecision(4))} ${unit}`;
}

const units = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
  ["ms", 1e-3],
  ["µs", 1e-6],
  ["ns", 1e-9],
] as const;

/** Seconds of one tick of a type of times; undefined for other types. */
function secondsOf(type: DataType): number | undefined {
  switch (type.kind) {
    case "date":
      return type.unit === "day" ? 86_400 : 1e-3;
    case "time":
    case "timestamp":
    case "duration":
      return 1 / Number(ticksPerSecond[type.unit]);
    default:
      return undefined;
  }
}

function shorten(type: DataType, value: number, digitCount: number): string {
  const scaled = type.kind === "decimal" ? value / 10 ** type.scale : value;
  return String(Number(scaled.toPrecision(digitCount)));
}

function isSingle(type: DataType): boolean {
  return type.kind === "float" && type.bitWidth < 64;
}
