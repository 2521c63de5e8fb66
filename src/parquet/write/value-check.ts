import type { DataType, TimeUnit } from "../../arrow/index.ts";

/** A check for values that have the right width but are not valid for their type or for the stored type. */
export interface ValueCheck {
  /** The number of 32-bit words per value. */
  readonly wordCount: number;
  /** Returns the index of the first invalid value; -1 if all are valid. */
  findWrong(words: Int32Array): number;
  /** Formats a value. @param words - only those of the value */
  format(words: Int32Array): string;
  /** Explains why a value is invalid, if the reason is not its own type. @param words - only those of the value */
  explain?(words: Int32Array): string | undefined;
}

/** Doubles are rounded. Values within this relative distance of a bound are compared exactly. */
const roundingPart = 2 ** -40;

const millisecondsOfDay = 86_400_000;

/** The upper limit (exclusive) of a time, by unit. Source: the Arrow format's Schema.fbs, `Time`. */
const stepsOfDay: Readonly<Record<TimeUnit, number>> = { s: 86_400, ms: 86_400_000, us: 86_400e6, ns: 86_400e9 };

/** Returns the check for a type; undefined if all values of its width are valid. */
export function valueCheckOf(type: DataType): ValueCheck | undefined {
  switch (type.kind) {
    case "decimal":
      return checkDecimals(type);
    case "time":
      return checkTimes(type.bitWidth / 32, stepsOfDay[type.unit]);
    case "date":
      return type.unit === "ms" ? checkDates() : undefined;
    case "timestamp":
      return type.unit === "s" ? checkSeconds() : undefined;
    default:
      return undefined;
  }
}

function checkDecimals({ bitWidth, precision, scale }: Extract<DataType, { kind: "decimal" }>): ValueCheck {
  const wordCount = bitWidth / 32;
  const limit = 10n ** BigInt(precision);
  const surelyBelow = Number(limit) * (1 - roundingPart);
  return {
    wordCount,
    findWrong: (words) => {
      for (let at = 0; at < words.length; at += wordCount) {
        const value = toDouble(words, at, wordCount);
        if (value < surelyBelow && value > -surelyBelow) continue;
        const exact = toInteger(words, at, wordCount);
        if (exact >= limit || exact <= -limit) return at / wordCount;
      }
      return -1;
    },
    format: (words) => formatDecimal(toInteger(words, 0, wordCount), scale),
  };
}

function checkTimes(wordCount: number, end: number): ValueCheck {
  return {
    wordCount,
    findWrong: (words) => {
      for (let at = 0; at < words.length; at += wordCount) {
        const value = toDouble(words, at, wordCount);
        if (value < 0 || value >= end) return at / wordCount;
      }
      return -1;
    },
    format: (words) => String(toInteger(words, 0, wordCount)),
  };
}

function checkDates(): ValueCheck {
  return {
    wordCount: 2,
    findWrong: (words) => {
      for (let at = 0; at < words.length; at += 2) {
        const value = toDouble(words, at, 2);
        const rest = Number.isSafeInteger(value)
          ? value % millisecondsOfDay
          : toInteger(words, at, 2) % BigInt(millisecondsOfDay);
        if (Number(rest) !== 0 || Math.abs(value) >= storedDaysEnd) return at / 2;
      }
      return -1;
    },
    format: (words) => String(toInteger(words, 0, 2)),
    explain: (words) =>
      Math.abs(toDouble(words, 0, 2)) >= storedDaysEnd
        ? "which is out of range: Parquet stores dates as 32-bit days"
        : undefined,
  };
}

/** The exclusive limit of stored dates, in milliseconds before or after 1970. */
const storedDaysEnd = 2 ** 31 * millisecondsOfDay;

/** Seconds are stored as milliseconds in Parquet. */
function checkSeconds(): ValueCheck {
  const max = (2n ** 63n - 1n) / 1000n;
  const surelyBelow = Number(max) * (1 - roundingPart);
  return {
    wordCount: 2,
    findWrong: (words) => {
      for (let at = 0; at < words.length; at += 2) {
        if (Math.abs(toDouble(words, at, 2)) < surelyBelow) continue;
        const exact = toInteger(words, at, 2);
        if (exact > max || exact < -max) return at / 2;
      }
      return -1;
    },
    format: (words) => String(toInteger(words, 0, 2)),
    explain: () => "which is out of range: Parquet stores it as 64-bit milliseconds",
  };
}

/** Converts a little-endian integer to a double; rounded beyond 2^53. */
function toDouble(words: Int32Array, at: number, wordCount: number): number {
  let value = words[at + wordCount - 1]!;
  for (let i = at + wordCount - 2; i >= at; i--) value = value * 2 ** 32 + (words[i]! >>> 0);
  return value;
}

function toInteger(words: Int32Array, at: number, wordCount: number): bigint {
  let value = BigInt(words[at + wordCount - 1]!);
  for (let i = at + wordCount - 2; i >= at; i--) value = (value << 32n) | BigInt(words[i]! >>> 0);
  return value;
}

function formatDecimal(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  const point = digits.length - scale;
  const sign = unscaled < 0n ? "-" : "";
  return scale > 0 ? `${sign}${digits.slice(0, point)}.${digits.slice(point)}` : `${sign}${digits}`;
}
