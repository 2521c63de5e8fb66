import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolders, removeEmptyFolders } from "../../../src/cli/make-folders.ts";
import { createTemporaryFolder } from "../../support/folder.ts";

test("creates the folders that are missing, and returns them", async () => {
  await using folder = await createTemporaryFolder();
  const at = (name: string): string => join(folder.path, name);
  await mkdir(at("a"));
  expect(makeFolders(at("a/b/c"))).toEqual([at("a/b"), at("a/b/c")]);
  expect(makeFolders(at("a/b/c"))).toEqual([]);
});

test("removes the empty ones", async () => {
  await using folder = await createTemporaryFolder();
  const at = (name: string): string => join(folder.path, name);
  const folders = makeFolders(at("a/b/c"));
  await writeFile(at("a/kept"), "");
  removeEmptyFolders(folders);
  expect(await readdir(folder.path, { recursive: true })).toEqual(["a", "a/kept"]);
});

test("fails where a file is in the way, and in a folder in which none can be created", async () => {
  await using folder = await createTemporaryFolder();
  await writeFile(join(folder.path, "file"), "");
  expect(() => makeFolders(join(folder.path, "file/a"))).toThrow("ENOTDIR");
  expect(() => makeFolders(join(folder.path, "file"))).toThrow("EEXIST");
  expect(() => makeFolders("/proc/none/a")).toThrow("ENOENT");
});
