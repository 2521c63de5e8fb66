import { describe, expect, test } from "vitest";
import { zoneClock } from "../../../web/src/plot/zone-clock.ts";

describe("the clock of a zone", () => {
  test.each([
    ["America/New_York", "2026-11-01T05:59:59.999Z", "2026-11-01T01:59:59.999Z"],
    ["America/New_York", "2026-11-01T06:00:00.000Z", "2026-11-01T01:00:00.000Z"],
    ["Europe/Warsaw", "2026-03-29T01:00:00.000Z", "2026-03-29T03:00:00.000Z"],
    ["Asia/Kolkata", "1969-12-31T23:00:00.000Z", "1970-01-01T04:30:00.000Z"],
    ["+05:45", "2026-01-01T00:00:00.000Z", "2026-01-01T05:45:00.000Z"],
    ["UTC", "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z"],
  ])("%s shows at %s: %s", (zone, at, shown) => {
    expect(new Date(zoneClock(zone)!.shownAt(Date.parse(at))).toISOString()).toBe(shown);
  });

  test("shows an hour twice when it goes back, and none when it goes on", () => {
    const iso = (shown: string): string[] =>
      zoneClock("America/New_York")!
        .timesOf(Date.parse(shown))
        .map((ms) => new Date(ms).toISOString());
    expect(iso("2026-11-01T01:30:00Z")).toEqual(["2026-11-01T05:30:00.000Z", "2026-11-01T06:30:00.000Z"]);
    expect(iso("2026-11-03T12:00:00Z")).toEqual(["2026-11-03T17:00:00.000Z", "2026-11-03T17:00:00.000Z"]);
  });

  test("leaves what is no time as it is, and is not there for a zone that is not known", () => {
    expect(zoneClock("Asia/Tokyo")!.shownAt(9e15)).toBe(9e15);
    expect(zoneClock("Asia/Tokyo")!.shownAt(8.64e15)).toBe(8.64e15 + 9 * 3_600_000);
    expect(zoneClock("Mars/Olympus")).toBe(undefined);
  });
});
