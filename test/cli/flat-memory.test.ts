import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { hangarProgram, startHangar } from "../support/server.ts";

/** Node itself takes 100 MB; the data would be 524 MB. */
const peakBytesMax = 350e6;

test("the command line puts, copies and gets what it could not hold", async () => {
  await using server = await startHangar();
  await using folder = await createTemporaryFolder();
  const program = join(import.meta.dirname, "flat-memory.py");
  const env = { ...process.env, HANGAR_URL: server.location };
  const args = [program, process.execPath, hangarProgram, folder.path];
  const { stdout } = await promisify(execFile)(await ensurePython(), args, { env });
  const { put, cp, get, rows } = JSON.parse(stdout) as Record<"put" | "cp" | "get" | "rows", [number, number]>;
  expect(rows[0]).toBe(rows[1]);
  for (const [exitCode, peakBytes] of [put, cp, get]) {
    expect(exitCode).toBe(0);
    expect(peakBytes).toBeLessThan(peakBytesMax);
  }
}, 240_000);
