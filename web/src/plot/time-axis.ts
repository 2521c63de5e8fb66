import { roundUp } from "./bin-rows.ts";

/** Ticks of an axis at most. */
const ticksMax = 8;

/** Seconds between ticks of a clock, from one second on. */
const clockSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** Where ticks stand between two times of day, in seconds since midnight; pure. */
export function clockTicks(min: number, max: number): number[] {
  const apart = (max - min) / ticksMax;
  if (!(apart > 0)) return [min];
  const step = apart > 0.5 ? (clockSteps.find((each) => each >= apart) ?? apart) : roundUp(apart);
  const first = Math.ceil(Math.max(0, min) / step);
  const count = Math.max(0, Math.floor(max / step) - first + 1);
  return Array.from({ length: count }, (_, i) => (first + i) * step);
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
