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
  const step = stepFor((to - from) / ticksMax);
  const ticks: number[] = [];
  for (let year = Math.ceil(from / step) * step; year <= to; year += step) ticks.push(startOf(year));
  return ticks;
}

/** The year that a tick of `yearTicks` stands at, in words; pure. */
export function formatYearTick(seconds: number): string {
  return String(Math.round(1970 + seconds / secondsPerYear));
}

/** The least of 1, 2, 5, 10, 20, 50 and so on that is no less; pure. */
function stepFor(years: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(years, 1)));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= years)!;
}

function startOf(year: number): number {
  return Math.round((year - 1970) * secondsPerYear);
}
