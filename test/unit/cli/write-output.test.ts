import { execFileSync } from "node:child_process";
import { chmod, lstat, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeOutput } from "../../../src/cli/write-output.ts";
import { createTemporaryFolder, type TemporaryFolder } from "../../support/folder.ts";

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await createTemporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

const inFolder = (name: string): string => join(folder.path, name);
const write = async (name: string, text: string): Promise<void> => {
  await writeOutput(Readable.from([text]), inFolder(name), new AbortController().signal);
};
const modeOf = async (name: string): Promise<number> => (await lstat(inFolder(name))).mode & 0o7777;

test("keeps the mode of the file that it replaces", async () => {
  await writeFile(inFolder("secret"), "old");
  for (const mode of [0o600, 0o666]) {
    await chmod(inFolder("secret"), mode);
    await write("secret", "new");
    expect([await modeOf("secret"), await readFile(inFolder("secret"), "utf8")]).toEqual([mode, "new"]);
  }
});

test("writes to the target of a symbolic link, also to one that does not exist", async () => {
  await mkdir(inFolder("below"));
  await symlink("below/target", inFolder("link"));
  await symlink("link", inFolder("second"));
  for (const text of ["first", "again"]) {
    await write("second", text);
    expect(await readFile(inFolder("below/target"), "utf8")).toBe(text);
  }
  expect((await lstat(inFolder("link"))).isSymbolicLink()).toBe(true);
  expect(await readdir(inFolder("below"))).toEqual(["target"]);
});

test("refuses links in a loop", async () => {
  await symlink("loop", inFolder("loop"));
  await expect(write("loop", "text")).rejects.toThrow(/loop: .*ELOOP/);
});

test("writes into a FIFO, also if its reader stops early", async () => {
  execFileSync("mkfifo", [inFolder("fifo")]);
  const [, text] = await Promise.all([write("fifo", "text"), readFile(inFolder("fifo"), "utf8")]);
  expect(text).toBe("text");
  expect((await lstat(inFolder("fifo"))).isFIFO()).toBe(true);
});
