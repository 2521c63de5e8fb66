import type { DataType } from "hangar/flight";

/** In which zone timestamps with a zone are shown: UTC, the column's own zone, or that of the browser. */
export type ShownZone = "utc" | "column" | "local";

/** The zones in words. */
export const zoneTitles: Readonly<Record<ShownZone, string>> = {
  utc: "UTC",
  column: "The column's own zone",
  local: `Local (${Intl.DateTimeFormat().resolvedOptions().timeZone})`,
};

/** How numbers and times are shown. Filters and copied text have the values as they are stored. */
export interface ValueFormat {
  /** Whether the thousands of numbers are apart. */
  readonly isGrouped: boolean;
  /** Decimals of floats and decimals, rounded; undefined for all. */
  readonly decimals: number | undefined;
  readonly zone: ShownZone;
}

/** All digits, and UTC. */
export const plainFormat: ValueFormat = { isGrouped: false, decimals: undefined, zone: "utc" };

/** The most decimals that can be chosen. */
export const decimalsMax = 9;

/** Reads a format from a URL, such as `grouped,2,local`; what makes no sense is left out. */
export function parseFormat(text: string | undefined): ValueFormat {
  const parts = (text ?? "").split(",");
  const decimals = parts.find((part) => /^\d$/.test(part));
  const zone = (["column", "local"] as const).find((each) => parts.includes(each)) ?? "utc";
  return {
    isGrouped: parts.includes("grouped"),
    decimals: decimals === undefined ? undefined : Number(decimals),
    zone,
  };
}

/** Writes a format for a URL; undefined for the plain one. */
export function formatFormat({ isGrouped, decimals, zone }: ValueFormat): string | undefined {
  const parts = [isGrouped && "grouped", decimals !== undefined && String(decimals), zone !== "utc" && zone];
  return parts.filter(Boolean).join(",") || undefined;
}

/** Shows a number, from its text in docs/rows.md: rounded, with its thousands apart; pure. */
export function showNumber(type: DataType, text: string, { isGrouped, decimals }: ValueFormat): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  // NaN, infinities, and what has an exponent.
  if (match === null) return text;
  const rounded = decimals === undefined || type.kind === "int" ? text : roundDigits(match, decimals);
  if (!isGrouped) return rounded;
  const [whole, fraction] = rounded.split(".");
  const grouped = whole!.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Rounds a decimal number half away from zero, without going through a float; pure. */
function roundDigits([, sign, whole = "0", fraction = ""]: RegExpExecArray, decimals: number): string {
  const digits = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, "0"));
  const rounded = String(digits + (fraction.charAt(decimals) >= "5" ? 1n : 0n)).padStart(decimals + 1, "0");
  const text = decimals === 0 ? rounded : `${rounded.slice(0, -decimals)}.${rounded.slice(-decimals)}`;
  return /[1-9]/.test(text) ? sign + text : text;
}

/** Shows a duration, such as `PT90061.500S`, in days, hours, minutes and seconds: `1 d 1 h 1 min 1.5 s`; pure. */
export function showDuration(text: string): string {
  const match = /^(-?)PT(\d+)(?:\.(\d*?)0*)?S$/.exec(text);
  if (match === null) return text;
  const [, sign, seconds = "0", fraction = ""] = match;
  const all = BigInt(seconds);
  const rest = `${all % 60n}${fraction === "" ? "" : `.${fraction}`}`;
  const parts = [
    [all / 86_400n, "d"],
    [(all / 3600n) % 24n, "h"],
    [(all / 60n) % 60n, "min"],
  ] as const;
  const words = parts.filter(([count]) => count > 0n).map(([count, unit]) => `${count} ${unit}`);
  if (rest !== "0" || words.length === 0) words.push(`${rest} s`);
  return sign + words.join(" ");
}

/** A duration as filters take it, without zeros at its end; pure. */
export function trimDuration(text: string): string {
  return text.replace(/\.(\d*?)0*S$/, (_, fraction: string) => (fraction === "" ? "S" : `.${fraction}S`));
}

/** Shows a timestamp that has a zone, whose text is in UTC, in a zone, with its offset; pure. */
export function showInZone(text: string, timeZone: string | undefined): string {
  const [, time, fraction = ""] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z$/.exec(text) ?? [];
  const formats = time === undefined ? undefined : zoneFormat(timeZone);
  if (formats === undefined) return text.replace("T", " ");
  const parts = new Map(formats.formatToParts(new Date(`${time}Z`)).map(({ type, value }) => [type, value]));
  const [year, month, day] = (["year", "month", "day"] as const).map((type) => parts.get(type)!);
  const clock = (["hour", "minute", "second"] as const).map((type) => parts.get(type)!).join(":");
  const offset = parts.get("timeZoneName")!.replace("GMT", "");
  return `${year!.padStart(4, "0")}-${month}-${day} ${clock}${fraction}${offset || "+00:00"}`;
}

const zoneFormats = new Map<string | undefined, Intl.DateTimeFormat | undefined>();

/** Writes times in a zone, with its offset; undefined for a zone that the browser does not know. */
export function zoneFormat(timeZone: string | undefined): Intl.DateTimeFormat | undefined {
  if (!zoneFormats.has(timeZone)) zoneFormats.set(timeZone, createZoneFormat(timeZone));
  return zoneFormats.get(timeZone);
}

function createZoneFormat(timeZone: string | undefined): Intl.DateTimeFormat | undefined {
  const digits = { month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" } as const;
  try {
    // The years of ISO 8601, and of the files, are those of the proleptic Gregorian calendar.
    const options = { ...digits, year: "numeric", hourCycle: "h23", timeZoneName: "longOffset" } as const;
    return new Intl.DateTimeFormat("en-u-ca-iso8601", { ...options, timeZone });
  } catch {
    return undefined;
  }
}
