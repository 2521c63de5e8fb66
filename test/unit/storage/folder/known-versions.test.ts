import { appendFile, lstat, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { KnownVersions, toFileVersion } from "../../../../src/storage/folder/file-version.ts";
import { createTemporaryFolder } from "../../../support/folder.ts";

test("a version is known until its file changes", async () => {
  await using folder = await createTemporaryFolder();
  const path = join(folder.path, "a");
  const versions = new KnownVersions();
  const read = async () => {
    const stats = await lstat(path, { bigint: true });
    return { now: versions.of("a", stats), expected: toFileVersion(stats) };
  };
  const changes = [
    () => writeFile(path, "one"),
    () => appendFile(path, "two"),
    async () => {
      await writeFile(`${path}.new`, "onetwo");
      await rename(`${path}.new`, path);
    },
  ];
  const ids = new Set<string>();
  for (const change of changes) {
    await change();
    const { now, expected } = await read();
    expect(now).toEqual(expected);
    expect((await read()).now).toBe(now);
    ids.add(now.id);
  }
  expect(ids.size).toBe(changes.length);
});
