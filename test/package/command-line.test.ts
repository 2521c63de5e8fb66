import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { startHangar, type TestServer } from "../support/server.ts";

const root = join(import.meta.dirname, "../..");
const program = join(root, "dist/bin/main.js");
const hooks = join(root, "test/support/print-modules.mjs");

/** Returns the names of the files that the published program loads for a command. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const { stderr } = await promisify(execFile)(process.execPath, ["--import", hooks, program, ...args]);
  return stderr
    .trim()
    .split("\n")
    .map((url) => basename(url));
}

describe("the published program loads few files", () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startHangar();
    return () => server[Symbol.asyncDispose]();
  });

  test.each([
    ["to print its version", () => loadedBy("--version")],
    ["to list datasets", () => loadedBy("ls", "--url", server.url)],
    ["to print help", () => loadedBy("serve", "--help")],
  ])("%s", async (_title, load) => {
    const files = await load();
    expect(files).toContain("main.js");
    // Each file takes time to find and to compile. Before there was a bundle, there were about 1,000.
    expect(files.length).toBeLessThan(15);
    // Neither the server, nor the packages that only it needs.
    expect(files.filter((file) => /^serve-|^live-access|pino|parquet_wasm/.test(file))).toEqual([]);
  });
});

test("the published program is ASCII, because V8 keeps other sources in twice the memory", async () => {
  const folder = join(root, "dist/bin");
  const names = (await readdir(folder)).filter((name) => name.endsWith(".js"));
  const sources = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  // oxlint-disable-next-line no-control-regex -- the first of all ASCII characters
  expect(names.filter((_name, index) => /[^\0-\x7f]/.test(sources[index]!))).toEqual([]);
});

test("hangar serve starts again before it has loaded its code", async () => {
  const restart = "data:text/javascript,process.execve = () => process.exit();";
  const args = ["--import", hooks, "--import", restart, program, "serve"];
  const { MALLOC_ARENA_MAX: _, ...env } = process.env;
  const { stderr } = await promisify(execFile)(process.execPath, args, { env });
  const files = stderr
    .trim()
    .split("\n")
    .map((url) => basename(url));
  expect(files).toContain("main.js");
  expect(files.length).toBeLessThanOrEqual(3);
});
