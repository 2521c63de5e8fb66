import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTemporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { startHangar, type TestServer } from "../support/server.ts";
import { runHangar } from "./run-hangar.ts";

let server: TestServer;
let folder: TemporaryFolder;
const hangar = async (...args: string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await runHangar(args, { url: server.url, cwd: folder.path });
  expect([exitCode, stderr]).toEqual([0, stderr]);
  return stdout + stderr;
};

beforeAll(async () => {
  server = await startHangar();
  folder = await createTemporaryFolder();
  await writeFile(join(folder.path, "x.arrow"), tableToIPC(tableFromArrays({ n: Int32Array.of(1, 2) }), "file"));
  for (const name of ["t/a", "t/b"]) await hangar("put", "x.arrow", name);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

test("a plan of a compaction says that it is one, and changes nothing", async () => {
  expect(await hangar("compact", "t", "--dry-run")).toMatch(
    /^t\/a …: would join 2 files, 4 rows, \S+ k?B\nnothing has changed; without --dry-run, this is done\n$/,
  );
  expect(await hangar("compact", "t", "--dry-run", "--quiet")).toBe("");
  expect((await hangar("compact", "t", "--dry-run", "--json")).trim().split("\n")).toHaveLength(1);
  expect((await hangar("ls", "--format", "csv")).trim().split("\n")).toHaveLength(3);
});

test("a compaction says what it has joined", async () => {
  expect(await hangar("compact", "t")).toMatch(/^t\/\S+-compacted\.parquet: 2 files, 4 rows, \S+ k?B to \S+ k?B\n$/);
  expect(await hangar("compact", "t", "--dry-run")).toBe("t: there are no small files to join\n");
});
