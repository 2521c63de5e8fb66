import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { listFiles } from "../../../../src/storage/folder/list-files.ts";
import { createTemporaryFolder } from "../../../support/folder.ts";

async function fill(root: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), "");
  }
}

async function collectNames(root: string, after = "", prefix = ""): Promise<{ names: string[]; leftOut: string[] }> {
  const names: string[] = [];
  const leftOut: string[] = [];
  for await (const name of listFiles(root, { prefix, after, onLeftOut: (path) => leftOut.push(path) }))
    names.push(name);
  return { names, leftOut };
}

const sorted = ["Z", "a-b", "a.b", "a/b/c", "a/b.c", "a/c", "a0", "aa", "é", "\uffee/x", "\u{10000}"];

test("files are listed in the order of the UTF-8 bytes of their whole names", async () => {
  await using folder = await createTemporaryFolder();
  await fill(folder.path, sorted);
  const byBytes = [...sorted].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect(await collectNames(folder.path)).toEqual({ names: byBytes, leftOut: [] });
});

test("after any name, exactly those that follow it are listed", async () => {
  await using folder = await createTemporaryFolder();
  await fill(folder.path, sorted);
  const { names } = await collectNames(folder.path);
  for (const after of [...names, "a", "a/", "a/b", "a/b/", "a/b/b", "b", "zzz"]) {
    const following = names.filter((name) => Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0);
    expect((await collectNames(folder.path, after)).names).toEqual(following);
  }
});

test("hidden entries, links, pipes and empty folders are passed over in silence", async () => {
  await using folder = await createTemporaryFolder();
  await fill(folder.path, ["a", ".hidden", ".hangar/uploads/x", "b/.c"]);
  await symlink("a", join(folder.path, "link"));
  await symlink(".", join(folder.path, "loop"));
  execFileSync("mkfifo", [join(folder.path, "pipe")]);
  await mkdir(join(folder.path, "empty"));
  expect(await collectNames(folder.path)).toEqual({ names: ["a"], leftOut: [] });
});

test("what cannot be a name is left out and reported", async () => {
  await using folder = await createTemporaryFolder();
  await fill(folder.path, ["a", "back\\slash", "line\nfeed", "e\u0301", "e\u0301.d/x"]);
  const { names, leftOut } = await collectNames(folder.path);
  expect(names).toEqual(["a"]);
  expect(leftOut.sort()).toEqual(["back\\slash", "e\u0301", "e\u0301.d", "line\nfeed"].sort());
});

test("a root that is gone is an error", async () => {
  await expect(collectNames("/nowhere/at/all")).rejects.toMatchObject({ code: "ENOENT" });
});

test("with a prefix, exactly the names that begin so are listed", async () => {
  await using folder = await createTemporaryFolder();
  await fill(folder.path, sorted);
  const { names } = await collectNames(folder.path);
  for (const prefix of [...names, "a", "a/", "a/b", "a/b/", "nothing", "\uffee"]) {
    expect((await collectNames(folder.path, "", prefix)).names).toEqual(
      names.filter((name) => name.startsWith(prefix)),
    );
  }
});
