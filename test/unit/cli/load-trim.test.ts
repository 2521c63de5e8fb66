import { expect, test } from "vitest";
import { loadTrim } from "../../../src/cli/load-trim.ts";
import { collectGarbage } from "../../../src/parquet/index.ts";
import { waitUntil } from "../../support/wait.ts";

const kibi = 1024;

test("memory that was freed between pieces in use goes back to the system", async () => {
  const trim = (await loadTrim())!;
  const kept: Buffer[] = [];
  // Below the size from which glibc maps pieces on their own: 100 kB. Each of them is written, so that it is resident.
  for (let i = 0; i < 2_000; i++) {
    const buffer = Buffer.allocUnsafeSlow(100 * kibi).fill(1);
    if (i % 50 === 0) kept.push(buffer);
  }
  const before = process.memoryUsage.rss();
  collectGarbage();
  // V8 frees buffers in a thread of its own.
  await waitUntil("memory is given back", () => {
    trim();
    return before - process.memoryUsage.rss() > 100_000 * kibi;
  });
  expect(kept).toHaveLength(40);
});
