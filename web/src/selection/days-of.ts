import type { DataType } from "hangar/flight";
import { showInZone, type ShownZone } from "../table/value-format.ts";
import { quoteTyped } from "./column-condition.ts";

/** A type of timestamps. */
export type TimestampType = Extract<DataType, { kind: "timestamp" }>;

/** The days of timestamps, in the zone that is shown, as a filter takes them; each once; pure. */
export function daysOf(
  type: TimestampType,
  texts: readonly (string | undefined)[],
  zone: ShownZone,
): readonly string[] {
  const days = texts
    .filter((text) => text !== undefined && /^\d{4}-/.test(text))
    .map((text) => {
      const isUtc = type.timezone === "" || zone === "utc";
      const shown = isUtc ? text! : showInZone(text!, zone === "local" ? undefined : type.timezone);
      return quoteTyped(type, shown.slice(0, "2026-11-29".length), zone);
    });
  return [...new Set(days)];
}
