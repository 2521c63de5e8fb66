/** The resolution of a time, as Arrow names it. */
export type Unit = "s" | "ms" | "us" | "ns";

/** The number of units in a second. */
export const ticksPerSecond = { s: 1n, ms: 1_000n, us: 1_000_000n, ns: 1_000_000_000n } as const;

const digitsOf = { s: 0, ms: 3, us: 6, ns: 9 } as const;
const secondsPerDay = 86_400n;

/** A day as `YYYY-MM-DD`; years before 0 and after 9999 have a sign and six digits at least, as ISO 8601 has it. */
export function formatDate(daysSince1970: number): string {
  const { year, month, day } = toCivil(daysSince1970);
  return `${formatYear(year)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** A time of day as `HH:MM:SS`, with as many decimals as the unit has. */
export function formatTimeOfDay(ticks: bigint, unit: Unit): string {
  const perSecond = ticksPerSecond[unit];
  const seconds = Number(ticks / perSecond);
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((each) => pad(each, 2));
  return clock.join(":") + formatFraction(ticks % perSecond, unit);
}

/** A timestamp as `YYYY-MM-DDTHH:MM:SS`, with as many decimals as the unit has. */
export function formatTimestamp(ticks: bigint, unit: Unit): string {
  const perDay = secondsPerDay * ticksPerSecond[unit];
  const rest = ticks % perDay;
  const timeOfDay = rest < 0n ? rest + perDay : rest;
  return `${formatDate(Number((ticks - timeOfDay) / perDay))}T${formatTimeOfDay(timeOfDay, unit)}`;
}

/** Formats a number of seconds. The unit determines the number of decimals. */
export function formatSeconds(ticks: bigint, unit: Unit): string {
  const perSecond = ticksPerSecond[unit];
  const size = ticks < 0n ? -ticks : ticks;
  return `${ticks < 0n ? "-" : ""}${size / perSecond}${formatFraction(size % perSecond, unit)}`;
}

function formatFraction(ticks: bigint, unit: Unit): string {
  return unit === "s" ? "" : `.${String(ticks).padStart(digitsOf[unit], "0")}`;
}

/** The day of the proleptic Gregorian calendar. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
function toCivil(daysSince1970: number): { year: number; month: number; day: number } {
  const days = daysSince1970 + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function formatYear(year: number): string {
  if (year >= 0 && year <= 9999) return pad(year, 4);
  return `${year < 0 ? "-" : "+"}${pad(Math.abs(year), 6)}`;
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, "0");
}
