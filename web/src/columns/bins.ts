import type { DataType } from "hangar/flight";
import { ticksPerSecond } from "hangar/rows";

/** A value that has a place on a line: as `readScalars` gives it. */
export type Measure = number | bigint;

/**
 * How the values of a type are divided into bins of one width. Widths come in levels, from fine to coarse, and each
 * divides the next, so that bins can be merged without looking at a value again. The bin of the number 0 begins at 0.
 */
export interface Bins {
  /** The finest level that is of use where a value like this one is among those to count. */
  levelFor(value: Measure): number;
  /** Tells the number of the bin that has a value; beyond `binMax` it is of no use. */
  binsAt(level: number): (value: Measure) => number;
  /** The first value of a bin. */
  edgeOf(bin: number, level: number): Measure;
  /** Bins of a level that make one of the next. */
  ratioOf(level: number): number;
  /** How many bins of a level make a width that people count by, rising. */
  barsOf(level: number): Iterable<number>;
  /** Whether a bin of the finest level holds one value only. */
  readonly isWhole: boolean;
}

/** Numbers of bins are whole and exact, to this one on either side of 0. */
export const binMax = 2 ** 50;

/** How values of a type are divided; undefined for types whose values have no place on a line. */
export function binsOf(type: DataType): Bins | undefined {
  switch (type.kind) {
    case "float":
      return floatBins(type.bitWidth);
    case "int":
      return wholeBins(decimalWidths, type.bitWidth < 64);
    case "decimal":
      return wholeBins(decimalWidths, false);
    case "date":
      return type.unit === "day" ? wholeBins(decimalWidths, true) : wholeBins(timeWidths("ms"), false);
    case "time":
      return wholeBins(timeWidths(type.unit), type.bitWidth < 64);
    case "timestamp":
    case "duration":
      return wholeBins(timeWidths(type.unit), false);
    default:
      return undefined;
  }
}

/** Widths of whole numbers: each level's, and how many bins of it make bars. */
interface Widths {
  widthOf(level: number): bigint;
  ratioOf(level: number): number;
  barsOf(level: number): Iterable<number>;
}

/** 1, 2 and 5, and ten times as much, and so on. */
function* roundNumbers(): Generator<number> {
  for (let power = 1; power < binMax; power *= 10) yield* [power, 2 * power, 5 * power];
}

const decimalWidths: Widths = {
  widthOf: (level) => 10n ** BigInt(level),
  ratioOf: () => 10,
  barsOf: roundNumbers,
};

/** In seconds, what clocks and calendars count by up to a day. */
const clockWidths = [1, 60, 3600, 86_400];
const secondBars = [1, 2, 5, 10, 15, 30];
const clockBars = [
  ...secondBars,
  ...secondBars.map((minutes) => 60 * minutes),
  ...[1, 2, 3, 6, 12].map((hours) => 3600 * hours),
];
const secondsPerDay = 86_400;

/** Parts of a second by ten, then seconds, minutes, hours and days, then days by ten. */
function timeWidths(unit: keyof typeof ticksPerSecond): Widths {
  const ticks = ticksPerSecond[unit];
  const subLevels = String(ticks).length - 1;
  const secondsOf = (level: number): number =>
    clockWidths[level] ?? secondsPerDay * 10 ** (level - clockWidths.length + 1);
  const widthOf = (level: number): bigint =>
    level < subLevels ? 10n ** BigInt(level) : ticks * BigInt(secondsOf(level - subLevels));
  return {
    widthOf,
    ratioOf: (level) => Number(widthOf(level + 1) / widthOf(level)),
    *barsOf(level) {
      const width = widthOf(level);
      if (level < subLevels) {
        for (const count of roundNumbers())
          if (BigInt(count) * width < ticks) yield count;
          else break;
      }
      for (const seconds of clockBars) {
        const bar = BigInt(seconds) * ticks;
        if (bar >= width && bar % width === 0n) yield Number(bar / width);
      }
      const day = BigInt(secondsPerDay) * ticks;
      for (const days of roundNumbers()) {
        const bar = BigInt(days) * day;
        if (bar >= width) yield Number(bar / width);
      }
    },
  };
}

/** @param isNarrow - whether the type's values are numbers, not bigints */
function wholeBins({ widthOf, ratioOf, barsOf }: Widths, isNarrow: boolean): Bins {
  return {
    levelFor: () => 0,
    binsAt(level) {
      const width = widthOf(level);
      const near = Number(width);
      return (value) => {
        const number = Number(value);
        if (near < binMax && Number.isSafeInteger(number)) return Math.floor(number / near);
        const whole = BigInt(value);
        const quotient = whole / width;
        return Number(quotient) - (whole < 0n && quotient * width !== whole ? 1 : 0);
      };
    },
    edgeOf: (bin, level) => (isNarrow ? bin * Number(widthOf(level)) : BigInt(bin) * widthOf(level)),
    ratioOf,
    barsOf,
    isWhole: true,
  };
}

/** Digits of a float that count where the first value is met: fewer than it has, so that an edge is a value of its own. */
const floatDigits = { 16: 15, 32: 6, 64: 15 } as const;
const floatLevelMin = -300;

/**
 * Powers of ten. The server compares a float of 32 bits with the float that an edge is rounded to, and so do these bins:
 * 0.7 is there what the edge 0.7 is, and not 0.699999988.
 */
function floatBins(bitWidth: 16 | 32 | 64): Bins {
  const edgeOf = (bin: number, level: number): number => (level < 0 ? bin / 10 ** -level : bin * 10 ** level);
  const round = bitWidth === 32 ? Math.fround : (edge: number) => edge;
  return {
    levelFor: (value) =>
      value === 0
        ? floatLevelMin
        : Math.max(floatLevelMin, Math.ceil(Math.log10(Math.abs(Number(value)))) - floatDigits[bitWidth]),
    binsAt(level) {
      const power = 10 ** Math.abs(level);
      const edgeAt = level < 0 ? (bin: number) => round(bin / power) : (bin: number) => round(bin * power);
      return (value) => {
        const number = Number(value);
        const bin = Math.floor(level < 0 ? number * power : number / power);
        if (Math.abs(bin) > binMax) return bin;
        if (edgeAt(bin + 1) <= number) return bin + 1;
        return edgeAt(bin) > number ? bin - 1 : bin;
      };
    },
    edgeOf,
    ratioOf: () => 10,
    barsOf: roundNumbers,
    isWhole: false,
  };
}
