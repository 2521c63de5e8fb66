import { expect, test } from "vitest";
import { loadTrim } from "../../../src/cli/load-trim.ts";
import { collectGarbage } from "../../../src/parquet/index.ts";
import { waitUntil } from "../../support/wait.ts";

const kibi = 1024;

test("memory that was freed between pieces in use goes back to the system", async () => {
  const trim = (await loadTrim())!;
  // Below the size from which glibc maps pieces on their own: 100 kB. Each of them is written, so that it is resident.
  let buffers = Array.from({ length: 2_000 }, () => Buffer.allocUnsafeSlow(100 * kibi).fill(1));
  const before = process.memoryUsage.rss();
  buffers = buffers.filter((_, i) => i % 50 === 0);
  // V8 frees buffers in a thread of its own.
  await waitUntil("memory is given back", () => {
    collectGarbage();
    trim();
    return before - process.memoryUsage.rss() > 100_000 * kibi;
  });
  expect(buffers).toHaveLength(40);
});
