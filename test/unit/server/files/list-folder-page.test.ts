import { describe, expect, test } from "vitest";
import { compareNames } from "../../../../src/dataset/index.ts";
import type { CallContext, DatasetCatalog, DatasetPageRequest } from "../../../../src/producer/index.ts";
import { listFolderPage } from "../../../../src/server/files/list-folder-page.ts";

/** A catalog of names alone, which counts how many datasets it was asked for. */
function catalogOf(names: readonly string[]) {
  const sorted = names.toSorted(compareNames);
  const asked = { count: 0 };
  const listDatasets = async (_context: CallContext, { after, pageSize }: DatasetPageRequest) => {
    const following = sorted.filter((name) => compareNames(name, after) > 0);
    asked.count += Math.min(pageSize, following.length);
    const datasets = following.slice(0, pageSize).map((name) => ({ name }));
    return { datasets, more: following.length > pageSize };
  };
  return { catalog: { listDatasets } as unknown as DatasetCatalog, asked };
}

const context = {} as CallContext;

async function namesIn(names: readonly string[], folder: string, limit = 1000): Promise<string[]> {
  const { catalog } = catalogOf(names);
  const found: string[] = [];
  for (let after: string | undefined = ""; after !== undefined;) {
    const page = await listFolderPage(catalog, context, { folder, after, limit });
    expect(page.entries.length).toBeLessThanOrEqual(limit);
    found.push(...page.entries.map(({ name }) => name));
    after = page.next;
  }
  return found;
}

const many = Array.from({ length: 3_000 }, (_, i) => `big/${i}`);
const names = [
  "a",
  "a.parquet",
  "a/b",
  "a/b/c",
  "a/b0",
  "a0",
  "big",
  ...many,
  "z/\u{10ffff}x/y",
  "z/\u{10ffff}x/z",
  "ä/1",
];

describe.each([1, 2, 3, 1000])("a folder in pages of %i", (limit) => {
  test.each([
    ["", ["a", "a.parquet", "a/", "a0", "big", "big/", "z/", "ä/"]],
    ["a/", ["b", "b/", "b0"]],
    ["a/b/", ["c"]],
    ["z/", ["\u{10ffff}x/"]],
    ["b/", []],
  ])("%j has its datasets and folders, once each", async (folder, expected) => {
    expect(await namesIn(names, folder, limit)).toEqual(expected);
  });
});

test("of many datasets is whole", async () => {
  expect(await namesIn(names, "big/", 700)).toHaveLength(3_000);
});

test("does not read the datasets below its folders", async () => {
  const { catalog, asked } = catalogOf(Array.from({ length: 10 }, (_, i) => many.map((name) => `${i}/${name}`)).flat());
  await listFolderPage(catalog, context, { folder: "", after: "", limit: 1000 });
  expect(asked.count).toBeLessThanOrEqual(10 * 16);
});
