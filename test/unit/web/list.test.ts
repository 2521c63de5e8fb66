import { describe, expect, test } from "vitest";
import { orderEntries } from "../../../web/src/list/order-entries.ts";
import { formatAge, formatBytes, formatCount, formatCounted, formatShare } from "../../../web/src/ui/format.ts";

const entry = (name: string, rowCount?: number) => ({
  name,
  rowCount,
  byteLength: undefined,
  columnCount: undefined,
  changedMs: undefined,
});
const entries = [entry("part-10", 5), entry("Part-2", 70), entry("other/part-1")];
const names = (search: string, order?: { by: string; isDescending: boolean }): string[] =>
  orderEntries(entries, search, order).map(({ name }) => name);

describe("a list of datasets", () => {
  test("is ordered by name as people count", () => {
    expect(names("")).toEqual(["other/part-1", "Part-2", "part-10"]);
  });

  test("is ordered by a number, with what is not known last", () => {
    expect(names("", { by: "rowCount", isDescending: true })).toEqual(["Part-2", "part-10", "other/part-1"]);
    expect(names("", { by: "rowCount", isDescending: false })).toEqual(["part-10", "Part-2", "other/part-1"]);
  });

  test("is searched by words in any case and order", () => {
    expect(names("PART OTHER")).toEqual(["other/part-1"]);
    expect(names("nothing")).toEqual([]);
  });
});

describe("figures are written", () => {
  test.each([
    [formatCount(4_000_000), "4,000,000"],
    [formatCount(undefined), "–"],
    [formatCounted(1, "row"), "1 row"],
    [formatCounted(0, "row"), "0 rows"],
    [formatBytes(999), "999 B"],
    [formatBytes(1000), "1.00 KB"],
    [formatBytes(999_900), "1.00 MB"],
    [formatBytes(117_585_421), "118 MB"],
    [formatAge(0, 59_000), "just now"],
    [formatAge(0, 3_600_000), "1 hour ago"],
    [formatAge(undefined, 0), "–"],
    [formatShare(0, 10), "0 %"],
    [formatShare(1, 10_000), "< 0.1 %"],
    [formatShare(9_999, 10_000), "99.9 %"],
    [formatShare(1, 4), "25 %"],
    [formatShare(1, 1), "100 %"],
  ])("%s", (written, expected) => expect(written).toBe(expected));
});
