import type { DataType, Field } from "hangar/flight";
import { formatScalar, ticksPerSecond } from "hangar/rows";

/** Digits that a computed number is shown with; a float of 32 bits has no more than seven. */
const digits = 9;
const singleDigits = 7;

/** Integers beyond this are near, and times of such are shown to a thousand of their ticks. */
const exactMax = Number.MAX_SAFE_INTEGER;
const nearTicks = 1000;

/**
 * Writes a number that has been computed from a column's values: of decimals from their integers, of times from their
 * ticks. Numbers have few digits, times are rounded to a tick; pure.
 */
export function formatNear(field: Field, value: number): string {
  const { type } = field;
  switch (type.kind) {
    case "int":
    case "float":
    case "decimal":
      return shorten(type, value);
    case "date":
      if (type.unit === "day") return formatScalar(field)(Math.round(value));
      return formatScalar({ ...field, type: { ...type, unit: "day" } })(Math.round(value / 86_400_000));
    default: {
      const ticks = Math.abs(value) > exactMax ? Math.round(value / nearTicks) * nearTicks : Math.round(value);
      return formatScalar(field)(BigInt(ticks));
    }
  }
}

/** Writes a standard deviation: as a number of the column, or of times in the largest unit that leaves one; pure. */
export function formatDeviation({ type }: Field, value: number): string {
  const seconds = secondsOf(type);
  if (seconds === undefined) return shorten(type, value);
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

function shorten(type: DataType, value: number): string {
  const scaled = type.kind === "decimal" ? value / 10 ** type.scale : value;
  const isSingle = type.kind === "float" && type.bitWidth < 64;
  return String(Number(scaled.toPrecision(isSingle ? singleDigits : digits)));
}
