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

/** How often it is read. */
const readingCount = 3;

test("a tab of Chromium holds little of the gigabyte that it reads batch by batch", { timeout: 300_000 }, async () => {
  const server = createFlightServer({ producer: createScenarioProducer(createMemoryProducer()), corsOrigins: ["*"] });
  const { port } = await server.listen({ port: 0 });
  const peaks: number[] = [];
  try {
    for (let i = 0; i < readingCount; i++) peaks.push(await peakOfReading(`http://127.0.0.1:${port}`));
    // On a busy machine the garbage collector comes late, which is none of what is held: what reading takes it takes each time.
    expect(Math.min(...peaks)).toBeLessThan(heldBytesMax);
  } finally {
    await server.close({ drainTimeoutMs: 0 });
  }
});

/** Reads in a browser of its own, and gives the most that its tab has held, besides what it held before. */
async function peakOfReading(url: string): Promise<number> {
  const browser = await launchChromium();
  try {
    await using pages = await startBundlePages();
    const page = await pages.open(browser, pages.origins[0]);
    const before = await heldBytes(browser);
    const reading = page.evaluate(readBatches, [url, readBytes] as const);
    const peak = await peakDuring(browser, reading);
    expect(await reading).toBeGreaterThanOrEqual(readBytes);
    return peak - before;
  } finally {
    await browser.close();
  }
}
