import { execFile } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const program = join(import.meta.dirname, "../../dist/bin/main.js");

/** Prints the files that a process has loaded, and Node's own modules, when it ends. */
const spy = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from "node:module";
  const files = [];
  registerHooks({ load: (url, context, next) => (files.push(url), next(url, context)) });
  process.on("exit", () => console.log("LOADED " + JSON.stringify({ files, own: process.moduleLoadList.join() })));
`)}`;

interface Loaded {
  /** The total length of the files, in bytes. */
  readonly byteLength: number;
  /** The names of Node's own modules. */
  readonly own: string;
}

/** Returns what a command loads, which may fail. */
async function loadedBy(...args: string[]): Promise<Loaded> {
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, ["--import", spy, program, ...args], (_error, stdout) => resolve(stdout));
  });
  const { files, own } = JSON.parse(/^LOADED (.*)$/m.exec(output)?.[1] ?? "null") as { files: string[]; own: string };
  const sizes = files.filter((url) => url.startsWith("file:")).map((url) => statSync(fileURLToPath(url)).size);
  return { byteLength: sizes.reduce((sum, size) => sum + size, 0), own };
}

test("a command that calls no server loads the flags of the commands, and no client", async () => {
  const { byteLength, own } = await loadedBy("get", "--help");
  // Commander has 100 kB, and the flags of all commands another 50.
  expect(byteLength).toBeLessThan(200_000);
  expect(own).not.toMatch(/\bhttp2\b|undici/);
});

test("a command that calls a server over gRPC loads no fetch, no workers and nothing that asks a question", async () => {
  const { own } = await loadedBy("ls", "--url", "grpc://127.0.0.1:1");
  expect(own).toMatch(/\bhttp2\b/);
  expect(own).not.toMatch(/undici|readline\/promises/);
});

test("a server that starts loads no fetch", async () => {
  const { own } = await loadedBy("serve", "--config", "missing.toml");
  expect(own).toMatch(/\bhttp2\b/);
  expect(own).not.toMatch(/undici/);
});
