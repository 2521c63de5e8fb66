import { expect, test } from "vitest";
import { createMemoryProducer, type FlightProducer } from "../../src/producer/index.ts";
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

/** What is put. What drives the browser here holds request bodies itself, and breaks at half a gigabyte. */
const putBytes = 400_000_000;

/** Runs in the page. Every batch is made when it is asked for. */
async function putBatches([url, byteLength]: readonly [string, number]): Promise<number> {
  const { hangar } = globalThis as unknown as { hangar: Bundle };
  async function* batches() {
    for (let sent = 0; sent < byteLength; sent += 8 * 262_144) {
      yield* hangar.tableFromArrays({ n: new Float64Array(262_144).fill(sent) }).batches;
    }
  }
  return (await hangar.connect(url).put("large", batches())).byteLength;
}

/** How often it is done. */
const repeatCount = 3;

/** A put holds 16 MiB of Sends, and the browser holds copies of them. */
const putHeldBytesMax = 250_000_000;

test("a tab of Chromium holds little of the gigabyte that it reads batch by batch", { timeout: 300_000 }, async () => {
  const producer = createScenarioProducer(createMemoryProducer());
  expect(await leastPeak(producer, readBatches, readBytes)).toBeLessThan(heldBytesMax);
});

test("a tab of Chromium holds little of what it puts batch by batch", { timeout: 300_000 }, async () => {
  const producer: FlightProducer = {
    async *doPut(_context, frames) {
      for await (const _ of frames);
      yield {};
    },
  };
  expect(await leastPeak(producer, putBatches, putBytes)).toBeLessThan(putHeldBytesMax);
});

type InPage = (options: readonly [url: string, byteLength: number]) => Promise<number>;

/**
 * The least of the peaks of several tabs. On a busy machine the garbage collector comes late, which is none of what is
 * held: what a transfer takes it takes each time.
 */
async function leastPeak(producer: FlightProducer, transfer: InPage, byteLength: number): Promise<number> {
  const server = createFlightServer({ producer, corsOrigins: ["*"] });
  const { port } = await server.listen({ port: 0 });
  try {
    const peaks: number[] = [];
    for (let i = 0; i < repeatCount; i++) {
      peaks.push(await peakOf(`http://127.0.0.1:${port}`, transfer, byteLength));
    }
    return Math.min(...peaks);
  } finally {
    await server.close({ drainTimeoutMs: 0 });
  }
}

/** Transfers bytes in a browser of its own, and gives the most that its tab has held, besides what it held before. */
async function peakOf(url: string, transfer: InPage, byteLength: number): Promise<number> {
  const browser = await launchChromium();
  try {
    await using pages = await startBundlePages();
    const page = await pages.open(browser, pages.origins[0]);
    const before = await heldBytes(browser);
    const transferring = page.evaluate(transfer, [url, byteLength] as const);
    const peak = await peakDuring(browser, transferring);
    expect(await transferring).toBeGreaterThanOrEqual(byteLength);
    return peak - before;
  } finally {
    await browser.close();
  }
}
