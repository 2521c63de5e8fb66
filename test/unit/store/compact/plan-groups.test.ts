import { expect, test } from "vitest";
import type { DatasetName } from "../../../../src/dataset/index.ts";
import type { FileOfFolder } from "../../../../src/store/folder/list-folder.ts";
import { planGroups } from "../../../../src/store/compact/plan-groups.ts";
import { joinedFilesMax } from "../../../../src/store/limits.ts";

const now = new Date("2026-11-29T12:00:00Z");
const minutesAgo = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);
const fileOf = (byteLength: number, i: number, changed = minutesAgo(60)): FileOfFolder => ({
  name: `f/${i}` as DatasetName,
  version: { id: "v", byteLength, changed },
});
const sizesOf = (groups: readonly (readonly FileOfFolder[])[]): number[][] =>
  groups.map((group) => group.map(({ version }) => version.byteLength));

test.each<[what: string, sizes: number[], groups: number[][]]>([
  ["no file", [], []],
  ["a single file", [10], []],
  ["small files", [10, 20, 30], [[10, 20, 30]]],
  ["files of more than half the target", [10, 51, 20], [[10, 20]]],
  ["files of half the target", [50, 50], [[50, 50]]],
  [
    "more than the target",
    [40, 40, 40, 40, 40],
    [
      [40, 40],
      [40, 40],
    ],
  ],
])("joins %s", (_, sizes, groups) => {
  const files = sizes.map((size, i) => fileOf(size, i));
  expect(sizesOf(planGroups(files, { targetBytes: 100, changedBefore: now }))).toEqual(groups);
});

test("leaves out files that have changed since, and joins no more files than a footer can name", () => {
  const files = [fileOf(1, 0), fileOf(2, 1, minutesAgo(5)), fileOf(3, 2)];
  expect(sizesOf(planGroups(files, { targetBytes: 100, changedBefore: minutesAgo(10) }))).toEqual([[1, 3]]);
  const many = Array.from({ length: joinedFilesMax + 2 }, (_, i) => fileOf(1, i));
  expect(planGroups(many, { targetBytes: 1e9, changedBefore: now }).map(({ length }) => length)).toEqual([
    joinedFilesMax,
    2,
  ]);
});
