import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { batchLines } from "../../../src/cli/batched-lines.ts";
import { startChild } from "../../support/child.ts";
import { createTemporaryFolder } from "../../support/folder.ts";
import { waitUntil } from "../../support/wait.ts";

const lines = ["one\n", "two\n", "three\n"];

test("lines are written in their order without further lines", async () => {
  await using folder = await createTemporaryFolder();
  const file = join(folder.path, "log");
  const destination = batchLines(file);
  for (const line of lines) destination.write(line);
  await waitUntil("they are written", async () => (await readFile(file, "utf8").catch(() => "")) === lines.join(""));
});

test("the rest is written when the process exits", async () => {
  const module = new URL("../../../src/cli/batched-lines.ts", import.meta.url).href;
  const code = `import { batchLines } from ${JSON.stringify(module)};
    const destination = batchLines(1);
    for (const line of ${JSON.stringify(lines)}) destination.write(line);
    process.exit();`;
  await using child = startChild(process.execPath, ["--input-type=module", "--eval", code]);
  await child.exit();
  expect(child.stdout()).toBe(lines.join(""));
});
