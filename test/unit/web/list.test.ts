import { describe, expect, test } from "vitest";
import { findFolder, folderOf, nestEntries, pathsTo } from "../../../web/src/list/folders.ts";
import { parentIndex, rowsOfFolder } from "../../../web/src/list/list-rows.ts";
import { compareEntries, searchEntries } from "../../../web/src/list/order-entries.ts";
import { suggestSearch } from "../../../web/src/list/suggest-search.ts";
import { formatAge, formatBytes, formatCount, formatCounted, formatShare } from "../../../web/src/ui/format.ts";

const entry = (name: string, rowCount?: number) => ({
  name,
  rowCount,
  byteLength: undefined,
  columnCount: undefined,
  changedMs: undefined,
});
const entries = [entry("part-10", 5), entry("Part-2", 70), entry("other/part-1"), entry("/odd//name", 1)];
const names = (list: readonly { name: string }[]): string[] => list.map(({ name }) => name);

describe("a list of datasets", () => {
  test("is ordered by name as people count", () => {
    expect(names([...entries].sort(compareEntries(undefined)))).toEqual([
      "/odd//name",
      "other/part-1",
      "Part-2",
      "part-10",
    ]);
  });

  test("is ordered by a number, with what is not known last", () => {
    const ordered = (isDescending: boolean): string[] =>
      names([...entries].sort(compareEntries({ by: "rowCount", isDescending })));
    expect(ordered(true)).toEqual(["Part-2", "part-10", "/odd//name", "other/part-1"]);
    expect(ordered(false)).toEqual(["/odd//name", "part-10", "Part-2", "other/part-1"]);
  });

  test("is searched by words in any case and order, within a folder", () => {
    expect(names(searchEntries(entries, "PART OTHER", 0))).toEqual(["other/part-1"]);
    expect(names(searchEntries(entries, "nothing", 0))).toEqual([]);
    expect(names(searchEntries([entry("other/part-1")], "other", "other/".length))).toEqual([]);
  });
});

test.each([
  ["yelow", 0, "yellow"],
  ["nyc GREN", 0, "nyc green"],
  ["nyc GREN", "nyc/".length, undefined],
  ["green", 0, "green"],
  ["yelow gren", 0, undefined],
  ["something", 0, undefined],
])("a search of %j that finds nothing suggests similar words", (search, start, suggested) => {
  const taxis = [entry("nyc/yellow_2024.parquet"), entry("nyc/green_2024.parquet")];
  expect(suggestSearch(taxis, search, start)).toBe(suggested);
});

describe("folders", () => {
  const root = nestEntries([...entries, entry("a/b/c", 2), entry("a/b/d", 3), entry("a/e", 4)]);

  test("have the sums of all that is below them, as far as these are known", () => {
    const sums = (path: string) => {
      const folder = findFolder(root, path);
      return folder && [folder.name, folder.datasetCount, folder.rowCount];
    };
    expect(sums("")).toEqual(["", 7, undefined]);
    expect(sums("a")).toEqual(["a", 3, 9]);
    expect(sums("a/b")).toEqual(["a/b", 2, 5]);
    expect(sums("a/c")).toBeUndefined();
  });

  test("come first, with their rows below them where they are open; names with empty segments are in none", () => {
    const rows = rowsOfFolder(root, { order: undefined, isOpen: ({ name }) => name.startsWith("a") });
    expect(rows.map(({ level, label }) => `${level} ${label}`)).toEqual([
      "1 a",
      "2 b",
      "3 c",
      "3 d",
      "2 e",
      "1 other",
      "1 /odd//name",
      "1 Part-2",
      "1 part-10",
    ]);
    expect(rows.map((_, i) => parentIndex(rows, i))).toEqual([-1, 0, 1, 1, 0, -1, -1, -1, -1]);
  });

  test("are the steps of a path", () => {
    expect(pathsTo("a/b/c")).toEqual(["a", "a/b", "a/b/c"]);
    expect([folderOf("a/b"), folderOf("a"), folderOf("/a"), folderOf("a//b")]).toEqual(["a", "", "", ""]);
  });
});

describe("figures are written", () => {
  test.each([
    [formatCount(4_000_000), "4,000,000"],
    [formatCount(undefined), "–"],
    [formatCounted(1, "row"), "1 row"],
    [formatCounted(0, "row"), "0 rows"],
    [formatBytes(999), "999 B"],
    [formatBytes(1000), "1.00 kB"],
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
