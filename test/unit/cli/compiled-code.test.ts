import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { compiledCodeFolder } from "../../../src/cli/compiled-code.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../../support/folder.ts";

let cache: TemporaryFolder;
beforeEach(async () => {
  cache = await createTemporaryFolder();
  vi.stubEnv("XDG_CACHE_HOME", cache.path);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await cache[Symbol.asyncDispose]();
});

test("a program finds its folder again, and another one has a folder of its own", async () => {
  const first = compiledCodeFolder("/opt/a/bin");
  expect(compiledCodeFolder("/opt/a/bin")).toBe(first);
  expect(compiledCodeFolder("/opt/b/bin")).not.toBe(first);
  expect(await readdir(join(cache.path, "hangar/compiled"))).toHaveLength(2);
});

test("the oldest folders are removed when a program starts for the first time", async () => {
  const all = join(cache.path, "hangar/compiled");
  for (let age = 0; age < 40; age++) {
    const folder = join(all, `v${age}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "code"), "");
    await utimes(folder, 1_000_000 - age, 1_000_000 - age);
  }
  compiledCodeFolder("/opt/a/bin");
  const left = await readdir(all);
  expect(left).toHaveLength(16);
  expect(left).toContain("v14");
  expect(left).not.toContain("v15");
});

test.each(["/proc", "/dev/null"])("there is no folder in %s", (path) => {
  vi.stubEnv("XDG_CACHE_HOME", path);
  expect(compiledCodeFolder()).toBeUndefined();
});

test("a long path of other letters is short enough for a name", () => {
  expect(compiledCodeFolder(`/opt/${"飛".repeat(300)}/bin`)).toBeDefined();
});
