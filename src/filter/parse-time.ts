import { parseDecimal, toSteps, type Steps } from "./exact-decimal.ts";
import { zoneOffset } from "./zone-offset.ts";

type Unit = "s" | "ms" | "us" | "ns";

const digitsOf = { s: 0, ms: 3, us: 6, ns: 9 } as const;

const datePattern = "([+-]\\d{4,9}|\\d{4})-(\\d\\d)-(\\d\\d)";
const clockPattern = "(\\d\\d):(\\d\\d)(?::(\\d\\d)(\\.\\d+)?)?";
const dateOnly = new RegExp(`^${datePattern}$`);
const clockOnly = new RegExp(`^${clockPattern}$`);
const zonePattern = "(Z|z|[+-]\\d\\d(?::?\\d\\d)?|\\s[A-Za-z][\\w+-]*(?:/[\\w+-]+)*)";
const dateAndClock = new RegExp(`^${datePattern}(?:[T ]${clockPattern})?\\s*?${zonePattern}?$`);
/** As the web app shows them. */
const spanInWords = /^(?!.* $)(-?)(?:(\d+) d(?: |$))?(?:(\d+) h(?: |$))?(?:(\d+) min(?: |$))?(?:(\d+(?:\.\d+)?) s)?$/;
const span = /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Returns the days from 1970-01-01 to a date `YYYY-MM-DD`; undefined if the date does not exist. */
export function parseDate(text: string): number | undefined {
  const [, year, month, day] = dateOnly.exec(text) ?? [];
  return year === undefined ? undefined : toDays(Number(year), Number(month), Number(day));
}

/** A time of day `HH:MM`, `HH:MM:SS` or `HH:MM:SS.fraction`, in a unit. */
export function parseTimeOfDay(text: string, unit: Unit): Steps | undefined {
  const [, ...clock] = clockOnly.exec(text) ?? [];
  return clock.length === 0 ? undefined : toTicks(clock, unit);
}

/** A point in time: ticks since 1970-01-01, in UTC if the text has a zone. */
export interface Moment extends Steps {
  readonly hasZone: boolean;
}

/**
 * A timestamp: a date alone, or with `T` or a space and a time of day. `Z`, an offset such as `+01:00`, or a space and the
 * name of a time zone such as `Europe/Berlin` may follow.
 */
export function parseTimestamp(text: string, unit: Unit): Moment | undefined {
  const [, year, month, day, hours, minutes, seconds, fraction, zone] = dateAndClock.exec(text) ?? [];
  const days = year === undefined ? undefined : toDays(Number(year), Number(month), Number(day));
  const clock =
    hours === undefined ? toTicks(["00", "00", "00"], unit) : toTicks([hours, minutes, seconds, fraction], unit);
  if (days === undefined || clock === undefined) return undefined;
  const localSeconds = days * 86_400 + Number(clock.floor / 10n ** BigInt(digitsOf[unit]));
  const offsetSeconds = zone?.startsWith(" ") ? zoneOffset(zone.trim(), localSeconds) : toSeconds(zone);
  if (offsetSeconds === undefined) return undefined;
  const perSecond = 10n ** BigInt(digitsOf[unit]);
  const floor = BigInt(days * 86_400 - offsetSeconds) * perSecond + clock.floor;
  return { floor, isExact: clock.isExact, hasZone: zone !== undefined };
}

/** A duration such as `PT1.5S`, `-P1DT2H` or `1 h 30 min 1.5 s`, in a unit; a day has 24 hours. */
export function parseDuration(text: string, unit: Unit): Steps | undefined {
  const found = span.exec(text) ?? (/\d/.test(text) ? spanInWords.exec(text) : null);
  const [, sign, days = "0", hours = "0", minutes = "0", seconds = "0"] = found ?? [];
  if (sign === undefined || /[PT]$/.test(text)) return undefined;
  const whole = (BigInt(days) * 24n + BigInt(hours)) * 60n + BigInt(minutes);
  const { unscaled, scale } = parseDecimal(seconds) ?? { unscaled: 0n, scale: 0 };
  const total = whole * 60n * 10n ** BigInt(scale) + unscaled;
  return toSteps({ unscaled: sign === "-" ? -total : total, scale }, digitsOf[unit]);
}

function toTicks(clock: readonly (string | undefined)[], unit: Unit): Steps | undefined {
  const [hours, minutes, seconds] = clock.slice(0, 3).map((each) => Number(each ?? 0));
  if (hours! > 23 || minutes! > 59 || seconds! > 59) return undefined;
  const whole = (hours! * 60 + minutes!) * 60 + seconds!;
  const decimal = parseDecimal(`${whole}${clock[3] ?? ""}`);
  return decimal && toSteps(decimal, digitsOf[unit]);
}

function toSeconds(offset: string | undefined): number | undefined {
  if (offset === undefined || offset.toUpperCase() === "Z") return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(3).replace(":", "") || "0")];
  if (hours > 23 || minutes > 59) return undefined;
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60;
}

/** Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil. */
function toDays(year: number, month: number, day: number): number | undefined {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (day < 1 || day > (lengths[month - 1] ?? 0)) return undefined;
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
