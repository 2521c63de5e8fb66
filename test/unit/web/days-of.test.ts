import { expect, test } from "vitest";
import { checkFilter } from "../../../src/filter/index.ts";
import { daysOf, type TimestampType } from "../../../web/src/selection/days-of.ts";
import { field } from "../../support/field.ts";

const timestamp = (timezone: string): TimestampType => ({ kind: "timestamp", unit: "us", timezone });
const bounds = ["2024-01-01T02:00:11.000000Z", "2024-06-30T23:59:59.999999Z"];

test.each([
  ["utc", "America/New_York", bounds, ["'2024-01-01Z'", "'2024-06-30Z'"]],
  ["column", "America/New_York", bounds, ["'2023-12-31 America/New_York'", "'2024-06-30 America/New_York'"]],
  ["column", "Asia/Tokyo", bounds, ["'2024-01-01 Asia/Tokyo'", "'2024-07-01 Asia/Tokyo'"]],
  ["utc", "", ["2024-01-01T02:00:11", "2024-01-01T05:00:00"], ["'2024-01-01'"]],
  ["utc", "UTC", [undefined, "-0044-03-15T00:00:00Z"], []],
] as const)("the days of a timestamp are given in the zone shown: %s for %j", (zone, timezone, texts, days) => {
  const type = timestamp(timezone);
  expect(daysOf(type, texts, zone)).toEqual(days);
  for (const day of days) expect(checkFilter(`t >= ${day}`, [field("t", type)])).toBeUndefined();
});
