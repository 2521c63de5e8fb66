import { readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolders } from "../../../../src/storage/folder/make-folders.ts";
import { createTemporaryFolder } from "../../../support/folder.ts";

test("creates the folders that are missing, also twice at once", async () => {
  await using folder = await createTemporaryFolder();
  const path = join(folder.path, "a/b/c");
  await Promise.all([makeFolders(path), makeFolders(path)]);
  await makeFolders(path);
  expect(await readdir(folder.path, { recursive: true })).toEqual(["a", "a/b", "a/b/c"]);
});

test("takes a link to a folder as a folder", async () => {
  await using folder = await createTemporaryFolder();
  const link = join(folder.path, "link");
  await symlink(folder.path, link);
  await makeFolders(link);
  await makeFolders(join(link, "a"));
  expect((await readdir(folder.path)).toSorted()).toEqual(["a", "link"]);
});

test("fails where a file is in the way, and in a folder in which none can be created", async () => {
  await using folder = await createTemporaryFolder();
  await writeFile(join(folder.path, "file"), "");
  await expect(makeFolders(join(folder.path, "file/a"))).rejects.toThrow("EEXIST");
  await expect(makeFolders(join(folder.path, "file"))).rejects.toThrow("EEXIST");
  await expect(makeFolders("/proc/none")).rejects.toThrow("ENOENT");
  await expect(makeFolders("/proc/none/a")).rejects.toThrow("ENOENT");
});
