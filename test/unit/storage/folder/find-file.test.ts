import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rename, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseDatasetName } from "../../../../src/dataset/index.ts";
import { Disk } from "../../../../src/storage/folder/disk.ts";
import { dropFile, openFile, statFile } from "../../../../src/storage/folder/find-file.ts";
import { hasSameBytes, toFileVersion } from "../../../../src/storage/folder/file-version.ts";
import { assertPlaceable, placeFile } from "../../../../src/storage/folder/place-file.ts";
import type { Placement } from "../../../../src/storage/index.ts";
import { createTemporaryFolder } from "../../../support/folder.ts";

const name = parseDatasetName;
const replacing = (text: string): Placement => ({ name: name(text), mode: "replace" });

const quick = new Disk(true);

describe.each([
  ["a local disk", quick],
  ["another disk", new Disk(false)],
])("a folder of datasets on %s", (_, disk) => {
  test("does not follow links, nor wait for pipes, nor take folders for files", async () => {
    await using outside = await createTemporaryFolder();
    await writeFile(join(outside.path, "secret"), "secret");
    await using folder = await createTemporaryFolder();
    const at = (path: string): string => join(folder.path, path);
    await symlink(join(outside.path, "secret"), at("link"));
    await symlink(outside.path, at("linked"));
    await mkdir(at("folder/inner"), { recursive: true });
    await writeFile(at("file"), "");
    execFileSync("mkfifo", [at("pipe")]);
    for (const text of [
      "link",
      "linked/secret",
      "folder",
      "folder/inner",
      "file/below",
      "pipe",
      "missing",
      "no/where",
    ]) {
      const missing = { code: "not_found", message: `there is no dataset "${text}"` };
      await expect(statFile({ disk, root: folder.path }, name(text))).rejects.toMatchObject(missing);
      await expect(openFile({ disk, root: folder.path }, name(text))).rejects.toMatchObject({ code: "not_found" });
      await expect(dropFile({ disk, root: folder.path }, name(text))).rejects.toMatchObject(missing);
    }
    expect(await readFile(join(outside.path, "secret"), "utf8")).toBe("secret");
    expect((await readdir(folder.path)).sort()).toEqual(["file", "folder", "link", "linked", "pipe"]);
  });

  test("an open file keeps its bytes when its name is replaced and dropped, and tells a change in place", async () => {
    await using folder = await createTemporaryFolder();
    const path = join(folder.path, "a");
    await writeFile(path, "first");
    // A time in the past, as the clock of a file system may not move between two writes of a test.
    await utimes(path, 1, 1);
    const { file, stats } = await openFile({ disk, root: folder.path }, name("a"));
    const now = async (): Promise<boolean> => hasSameBytes(stats, await file.stat());
    const idNow = async (): Promise<string> => toFileVersion(await statFile({ disk, root: folder.path }, name("a"))).id;
    const { id } = toFileVersion(stats);
    expect(await idNow()).toBe(id);

    await writeFile(`${path}.new`, "other");
    await utimes(`${path}.new`, 1, 1);
    await rename(`${path}.new`, path);
    expect(await now()).toBe(true);
    expect(await idNow()).not.toBe(id);
    await dropFile({ disk, root: folder.path }, name("a"));
    expect(await now()).toBe(true);
    const bytes = new Uint8Array(5);
    expect(await file.read(bytes, 0)).toBe(5);
    expect(new TextDecoder().decode(bytes)).toBe("first");
    await file.close();

    await using writable = await createTemporaryFolder();
    await writeFile(join(writable.path, "b"), "first");
    await utimes(join(writable.path, "b"), 1, 1);
    const changed = await openFile({ disk, root: writable.path }, name("b"));
    await writeFile(join(writable.path, "b"), "other");
    expect(hasSameBytes(changed.stats, await changed.file.stat())).toBe(false);
    await changed.file.close();
  });

  test("a drop removes the folders that are empty without the dataset, and no others", async () => {
    await using folder = await createTemporaryFolder();
    await mkdir(join(folder.path, "a/b/c"), { recursive: true });
    await writeFile(join(folder.path, "a/b/c/d"), "");
    await writeFile(join(folder.path, "a/e"), "");
    await dropFile({ disk, root: folder.path }, name("a/b/c/d"));
    expect(await readdir(folder.path, { recursive: true })).toEqual(["a", "a/e"]);
    await dropFile({ disk, root: folder.path }, name("a/e"));
    expect(await readdir(folder.path)).toEqual([]);
  });
});

describe("placing a file", () => {
  test("makes the folders of its name and replaces what was there", async () => {
    await using folder = await createTemporaryFolder();
    for (const content of ["first", "second"]) {
      await writeFile(join(folder.path, ".new"), content);
      await placeFile({ root: folder.path, disk: quick }, join(folder.path, ".new"), replacing("a/b/c"));
      expect(await readFile(join(folder.path, "a/b/c"), "utf8")).toBe(content);
    }
    expect(await readdir(folder.path, { recursive: true })).toEqual(["a", "a/b", "a/b/c"]);
  });

  test.each([
    ["file/below", '"file" is a dataset, not a folder'],
    ["folder/file/far/below", '"folder/file" is a dataset, not a folder'],
    ["folder", '"folder" is a folder of datasets'],
    ["link", '"link" is neither an ordinary file nor a folder on the server'],
    ["linked/a", '"linked" is neither an ordinary file nor a folder on the server'],
  ])("onto %s is refused, and leaves no folders", async (text, words) => {
    await using outside = await createTemporaryFolder();
    await using folder = await createTemporaryFolder();
    const at = (path: string): string => join(folder.path, path);
    await mkdir(at("folder"));
    for (const path of ["file", "folder/file", ".new"]) await writeFile(at(path), path);
    await symlink("file", at("link"));
    await symlink(outside.path, at("linked"));
    const before = await readdir(folder.path, { recursive: true });
    const refusal = { code: "failed_precondition", message: `dataset "${text}" cannot be put: ${words}` };
    await expect(assertPlaceable({ root: folder.path, disk: quick }, replacing(text))).rejects.toMatchObject(refusal);
    await expect(placeFile({ root: folder.path, disk: quick }, at(".new"), replacing(text))).rejects.toMatchObject(
      refusal,
    );
    expect(await readdir(folder.path, { recursive: true })).toEqual(before);
    expect(await readdir(outside.path)).toEqual([]);
  });

  test.each([[[]], [["a"]], [["a/b/c", "a/d", "e"]]])(
    "takes a folder that has no files for nothing, whatever folders %o it has",
    async (folders) => {
      await using folder = await createTemporaryFolder();
      const at = (path: string): string => join(folder.path, path);
      for (const path of ["", ...folders]) await mkdir(at(join("name", path)), { recursive: true });
      await writeFile(at(".new"), "new");
      await placeFile({ root: folder.path, disk: quick }, at(".new"), replacing("name"));
      expect(await readFile(at("name"), "utf8")).toBe("new");
    },
  );

  test("leaves a folder with a file, however deep, hidden or not, and a link", async () => {
    await using folder = await createTemporaryFolder();
    const at = (path: string): string => join(folder.path, path);
    for (const path of ["deep/a/b", "deep/empty", "hidden", "linking"]) await mkdir(at(path), { recursive: true });
    for (const path of ["deep/a/b/file", "hidden/.file"]) await writeFile(at(path), "");
    await symlink("nowhere", at("linking/link"));
    const before = await readdir(folder.path, { recursive: true });
    for (const name of ["deep", "hidden", "linking", "deep/a"]) {
      await expect(assertPlaceable({ root: folder.path, disk: quick }, replacing(name))).rejects.toMatchObject({
        code: "failed_precondition",
      });
    }
    expect(await readdir(folder.path, { recursive: true })).toEqual(before);
  });

  test("a file that cannot be placed leaves no folders behind", async () => {
    await using folder = await createTemporaryFolder();
    const placing = placeFile({ root: folder.path, disk: quick }, join(folder.path, ".gone"), replacing("a/b/c"));
    await expect(placing).rejects.toMatchObject({ code: "ENOENT" });
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("puts and drops of names in one folder never fail over the folder's coming and going", async () => {
    await using folder = await createTemporaryFolder();
    const putAndDrop = async (text: string): Promise<void> => {
      for (let i = 0; i < 25; i++) {
        const temporaryPath = join(folder.path, `.${text.replaceAll("/", "-")}`);
        await writeFile(temporaryPath, text);
        await placeFile({ root: folder.path, disk: quick }, temporaryPath, replacing(text));
        await dropFile({ disk: quick, root: folder.path }, name(text));
      }
    };
    await Promise.all(["a/b/1", "a/b/2", "a/b/3", "a/4"].map(putAndDrop));
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("of many that create a name at the same time one wins, and what is there is not replaced", async () => {
    await using folder = await createTemporaryFolder();
    const creating = (temporaryPath: string): Promise<unknown> =>
      placeFile({ root: folder.path, disk: quick }, temporaryPath, { name: name("a/b"), mode: "create" });
    const temporaryPaths = Array.from({ length: 64 }, (_, i) => join(folder.path, `.${i}`));
    for (const path of temporaryPaths) await writeFile(path, path);
    const outcomes = await Promise.allSettled(temporaryPaths.map(creating));
    const winners = temporaryPaths.filter((_, i) => outcomes[i]!.status === "fulfilled");
    expect(winners).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "already_exists" });
    }
    expect(await readFile(join(folder.path, "a/b"), "utf8")).toBe(winners[0]);
  });

  test("on a disk without links is refused where it must not replace", async () => {
    await using folder = await createTemporaryFolder();
    // A folder has no second name either, and for the same reason: EPERM.
    await mkdir(join(folder.path, ".new"));
    await expect(
      placeFile({ root: folder.path, disk: quick }, join(folder.path, ".new"), { name: name("a"), mode: "create" }),
    ).rejects.toMatchObject({ code: "unimplemented" });
  });
});
