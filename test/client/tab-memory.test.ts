import { expect, test } from "vitest";
import { createMemoryProducer } from "../../src/producer/index.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { startBundlePages, type Bundle } from "../support/bundle-pages.ts";
import { launchChromium } from "../support/chromium.ts";
import { heldBytes, peakDuring } from "../support/tab-memory.ts";
import { createScenarioProducer } from "./scenario-producer.ts";

/** What a tab may hold besides what it held before: far less than it reads, and far above what was measured (docs/client.md). */
const heldBytesMax = 400_000_000;

/** What is read. */
const readBytes = 1_000_000_000;

/** Runs in the page. */
async function readBatches([url, byteLength]: readonly [string, number]): Promise<number> {
  const { hangar } = globalThis as unknown as { hangar: Bundle };
  let read = 0;
  for await (const batch of hangar.connect(url).get("scenario/endless")) {
    read += batch.data.byteLength;
    if (read >= byteLength) break;
  }
  return read;
}

test("a tab of Chromium holds little of the gigabyte that it reads batch by batch", { timeout: 300_000 }, async () => {
  const server = createFlightServer({ producer: createScenarioProducer(createMemoryProducer()), corsOrigins: ["*"] });
  const { port } = await server.listen({ port: 0 });
  const browser = await launchChromium();
  try {
    await using pages = await startBundlePages();
    const page = await pages.open(browser, pages.origins[0]);
    const before = await heldBytes(browser);
    const reading = page.evaluate(readBatches, [`http://127.0.0.1:${port}`, readBytes] as const);
    const peak = await peakDuring(browser, reading);
    expect(await reading).toBeGreaterThanOrEqual(readBytes);
    expect(peak - before).toBeLessThan(heldBytesMax);
  } finally {
    await browser.close();
    await server.close({ drainTimeoutMs: 0 });
  }
});
