import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { planFolderUploads } from "../../../src/cli/plan-uploads.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../../support/folder.ts";

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await createTemporaryFolder();
  const files = ["a.parquet", "b/c.arrow", "b/.d.parquet", ".e/f.parquet", "g.csv", "b/h.FEATHER"];
  for (const file of files) {
    const path = join(folder.path, "sales", file);
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, "");
  }
  await mkdir(join(folder.path, "empty"));
  await writeFile(join(folder.path, "single.arrows"), "");
  await symlink(join(folder.path, "sales/a.parquet"), join(folder.path, "sales/link.parquet"));
  await symlink(join(folder.path, "sales"), join(folder.path, "sales/again"));
});
afterAll(() => folder[Symbol.asyncDispose]());

test("refuses a file whose name is not UTF-8", async () => {
  const path = join(folder.path, "foreign");
  await mkdir(path);
  await writeFile(Buffer.concat([Buffer.from(`${path}/a`), Buffer.of(0xff), Buffer.from(".parquet")]), "");
  await expect(planFolderUploads([path])).rejects.toThrow(/foreign\/a\uFFFD\.parquet: the name is not UTF-8/);
});

const namesOf = async (...args: string[]): Promise<string[]> => {
  const paths = args.map((arg) => (arg.startsWith("=") ? arg.slice(1) : join(folder.path, arg)));
  return (await planFolderUploads(paths)).map(({ name }) => name);
};

test("names datasets by the folder, and finds only visible Parquet and Arrow files", async () => {
  expect(await namesOf("sales")).toEqual([
    "sales/a.parquet",
    "sales/b/c.parquet",
    "sales/b/h.parquet",
    "sales/link.parquet",
  ]);
});

test("takes another name for the folder, and single files", async () => {
  expect(await namesOf("sales/b", "=archive/2025/")).toEqual(["archive/2025/c.parquet", "archive/2025/h.parquet"]);
  expect(await namesOf("single.arrows", "=archive/")).toEqual(["archive/single.parquet"]);
  expect(await namesOf("sales/b", "single.arrows")).toEqual(["b/c.parquet", "b/h.parquet", "single.parquet"]);
});

test.each([
  [["empty"], /empty: there are no Parquet or Arrow files/],
  [["nowhere"], /nowhere: there is no such file or folder/],
  [["sales/b", "missing.parquet"], /missing\.parquet: there is no such file; to store .*b under this name/],
  [["sales/b", "sales/b"], /would both become b\/c\.parquet/],
])("refuses %j", async (args, words) => {
  await expect(namesOf(...args)).rejects.toThrow(words);
});
