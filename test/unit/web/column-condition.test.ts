import { expect, test } from "vitest";
import { columnCondition, noChoice, type ColumnChoice } from "../../../web/src/selection/column-condition.ts";
import type { DataType } from "../../../src/arrow/index.ts";

const int: DataType = { kind: "int", bitWidth: 32, signed: true };
const utf8: DataType = { kind: "utf8" };
const timestamp = (timezone: string): DataType => ({ kind: "timestamp", unit: "us", timezone });

test.each<[DataType, Partial<ColumnChoice>, string]>([
  [int, {}, ""],
  [int, { from: "1", to: " 5 " }, "c between 1 and 5"],
  [int, { from: "-1.5" }, "c >= -1.5"],
  [int, { to: "x" }, "c <= 'x'"],
  [int, { to: "5", nulls: "also" }, "c <= 5 or c is null"],
  [int, { nulls: "also" }, ""],
  [int, { nulls: "only", from: "1" }, "c is null"],
  [int, { nulls: "none" }, "c is not null"],
  [int, { nulls: "none", from: "1" }, "c >= 1"],
  [utf8, { part: "it's" }, "c icontains 'it''s'"],
  [
    utf8,
    { part: "a", isCaseSensitive: true, values: ["b"], nulls: "also" },
    "(c contains 'a' and c = 'b') or c is null",
  ],
  [utf8, { values: ["a", ""] }, "c in ('a', '')"],
  [{ kind: "binary" }, { values: ["AP8Q"] }, "c = '0x00ff10'"],
  [{ kind: "bool" }, { values: ["true"] }, "c = true"],
  [timestamp(""), { from: "2026-11-29T10:00" }, "c >= '2026-11-29T10:00'"],
  [timestamp("UTC"), { from: "2026-11-29T10:00" }, "c >= '2026-11-29T10:00Z'"],
  [timestamp("+01:00"), { to: "2026-11-29T10:00" }, "c <= '2026-11-29T10:00+01:00'"],
  [timestamp("Asia/Tokyo"), { to: "2026-11-29T10:00:05" }, "c <= '2026-11-29T10:00:05 Asia/Tokyo'"],
])("%j %j is %j", (type, choice, condition) => {
  const field = { name: "c", nullable: true, type, children: [], metadata: new Map() };
  expect(columnCondition(field, { ...noChoice, ...choice }, "column")).toBe(condition);
});

test("a field of a struct is named by its path", () => {
  const field = { name: "a.x", path: ["a", "x"], nullable: true, type: int, children: [], metadata: new Map() };
  expect(columnCondition(field, { ...noChoice, from: "1" })).toBe("a.x >= 1");
});

test.each([
  ["utc", "Asia/Tokyo", "c >= '2026-11-29T10:00Z'"],
  ["column", "Asia/Tokyo", "c >= '2026-11-29T10:00 Asia/Tokyo'"],
  ["utc", "", "c >= '2026-11-29T10:00'"],
] as const)("a time is typed in the zone that is shown: %s for %j", (zone, timezone, condition) => {
  const field = { name: "c", nullable: true, type: timestamp(timezone), children: [], metadata: new Map() };
  expect(columnCondition(field, { ...noChoice, from: "2026-11-29T10:00" }, zone)).toBe(condition);
});
