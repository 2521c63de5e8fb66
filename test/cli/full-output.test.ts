import { closeSync, openSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tableFromArrays } from "apache-arrow";
import { afterAll, beforeAll, expect, test } from "vitest";
import { connect } from "../../src/client-node/index.ts";
import { hangarProgram, startHangar, type TestServer } from "../support/server.ts";
import { within } from "../support/wait.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startHangar();
  const client = connect(server.url);
  await client.put("many", tableFromArrays({ n: Int32Array.from({ length: 200_000 }, (_, i) => i) }));
  client.close();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** Runs `hangar` with standard output on a disk that is full. */
async function runFull(...args: string[]): Promise<{ exitCode: number; stderr: string }> {
  const full = openSync("/dev/full", "w");
  try {
    const env = { ...process.env, HANGAR_URL: server.url };
    const child = spawn(process.execPath, [hangarProgram, ...args], { env, stdio: ["ignore", full, "pipe"] });
    const ended = once(child, "close");
    const stderr = Buffer.concat(await Array.fromAsync(child.stderr!)).toString();
    const [exitCode] = (await within("hangar", ended)) as [number];
    return { exitCode, stderr };
  } finally {
    closeSync(full);
  }
}

const sentence = "hangar: standard output: the disk is full (ENOSPC)\n";

test.each([
  [["--version"]],
  [["help", "put"]],
  [["ls"]],
  [["get", "many", "--format", "csv"]],
  [["get", "many", "--format", "parquet"]],
  [["completion", "bash"]],
])("%j reports in one sentence that the disk of its output is full", async (args) => {
  expect(await runFull(...args)).toEqual({ exitCode: 1, stderr: sentence });
});

test("with --json, the error is JSON", async () => {
  const { exitCode, stderr } = await runFull("info", "many", "--json");
  expect([exitCode, JSON.parse(stderr)]).toEqual([
    1,
    { error: { message: "standard output: the disk is full (ENOSPC)" } },
  ]);
});
