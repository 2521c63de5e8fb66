import { createReadStream, createWriteStream } from "node:fs";
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { expect, test } from "vitest";
import { ensurePython } from "../../scripts/python.ts";
import { readIpcStream } from "../../src/arrow/index.ts";
import { encodeCsv, encodeNdjson } from "../../src/rows/index.ts";
import { startChild } from "../support/child.ts";
import { createTemporaryFolder } from "../support/folder.ts";

const limitMs = 120_000;

test("every type in every place is read out of JSON and CSV as it was", { timeout: 2 * limitMs }, async () => {
  await using folder = await createTemporaryFolder();
  await runProgram("write", folder.path);
  for await (const name of glob("*.arrows", { cwd: folder.path })) {
    const file = join(folder.path, name);
    const frames = () => readIpcStream(createReadStream(file));
    await pipeline(encodeNdjson(frames()), createWriteStream(file.replace(".arrows", ".ndjson")));
    await pipeline(encodeCsv(frames()), createWriteStream(file.replace(".arrows", ".csv")));
  }
  const output = await runProgram("compare", folder.path);
  expect(output).toMatch(/^\d{3} tables were compared\n$/);
});

async function runProgram(...args: string[]): Promise<string> {
  const env = { PYTHONPATH: join(import.meta.dirname, "../types"), PYTHONDONTWRITEBYTECODE: "1" };
  await using child = startChild(await ensurePython(), [join(import.meta.dirname, "lossless.py"), ...args], env);
  expect(await child.exit(limitMs), child.output()).toMatchObject({ exitCode: 0 });
  return child.output();
}
