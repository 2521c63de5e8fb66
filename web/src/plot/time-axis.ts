import { numberTicks } from "./number-ticks.ts";

/** Seconds of a year of the Gregorian calendar, as they are on average. */
const secondsPerYear = 31_556_952;

/** Spans for which the chart library has no ticks, in years. */
const longYears = 400;

/** Ticks of an axis at most. */
const ticksMax = 8;

/** Whether times reach over so many years that only the years themselves can be ticks; pure. */
export function isLongSpan(seconds: readonly number[]): boolean {
  let [min, max] = [Infinity, -Infinity];
  for (const each of seconds) [min, max] = [Math.min(min, each), Math.max(max, each)];
  return max - min > longYears * secondsPerYear;
}

/** Where ticks stand between two times, in seconds since 1970: at the beginnings of years that are far enough apart; pure. */
export function yearTicks(min: number, max: number): number[] {
  const [from, to] = [min, max].map((seconds) => 1970 + seconds / secondsPerYear) as [number, number];
  const step = stepFor(Math.max(1, (to - from) / ticksMax));
  return numberTicks(from, to, step).map(startOf);
}

/** The year that a tick of `yearTicks` stands at, in words; pure. */
export function formatYearTick(seconds: number): string {
  return String(Math.round(1970 + seconds / secondsPerYear));
}

/** Seconds between ticks of a clock, from one second on. */
const clockSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** Where ticks stand between two times of day, in seconds since midnight; pure. */
export function clockTicks(min: number, max: number): number[] {
  const apart = (max - min) / ticksMax;
  if (!(apart > 0)) return [min];
  return numberTicks(
    Math.max(0, min),
    max,
    apart > 0.5 ? (clockSteps.find((step) => step >= apart) ?? apart) : stepFor(apart),
  );
}

/** Ticks as times of day, with as much of each as tells them apart: `09:30`, `09:30:05` or `09:30:05.25`; pure. */
export function formatClockTicks(seconds: readonly number[]): string[] {
  const nanos = seconds.map((each) => Math.round(each * 1e9));
  if (nanos.every((each) => each % 60e9 === 0)) return seconds.map((each) => clockText(each).slice(0, 5));
  const fractions = nanos.map((each) =>
    String(each % 1e9)
      .padStart(9, "0")
      .replace(/0+$/, ""),
  );
  const digits = Math.max(...fractions.map(({ length }) => length));
  const fractionOf = (i: number): string => (digits === 0 ? "" : `.${fractions[i]!.padEnd(digits, "0")}`);
  return nanos.map((each, i) => clockText(Math.floor(each / 1e9)) + fractionOf(i));
}

function clockText(seconds: number): string {
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((part) => String(Math.floor(part)).padStart(2, "0"))
    .join(":");
}

/** The least of 1, 2, 5, 10, 20, 50 and so on, or of their tenths, that is no less; pure. */
function stepFor(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= size)!;
}

function startOf(year: number): number {
  return Math.round((year - 1970) * secondsPerYear);
}
