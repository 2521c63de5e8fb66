import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Float64, makeData, RecordBatch, Struct, Table, Field, Schema } from "apache-arrow";
import { connect } from "../../src/client-node/index.ts";
import {
  expandPuts,
  pauseReaders,
  pipelineRequests,
  resetStreams,
  stopPuts,
  type MemoryLoad,
} from "../support/memory-loads.ts";
import { startHangar, type TestServer } from "../support/server.ts";

const mebi = 1024 * 1024;
const dataset = "numbers";

/** How long the server has to give memory back, in milliseconds. */
const backMs = 150_000;

/** How long a warm server settles, in milliseconds. */
const settleMs = 30_000;

/** What it may keep of the memory that it had before, as a share. */
const keptShareMax = 0.2;

const loads: [title: string, load: MemoryLoad, count: number][] = [
  ["600 readers that never read", pauseReaders, 600],
  ["14,000 streams that are reset", resetStreams, 14_000],
  ["20,000 requests in a pipeline", pipelineRequests, 20_000],
  ["10 puts that stop before the end of a message of 200 MiB", stopPuts, 10],
  ["8 batches that expand to 240 MB", expandPuts, 8],
];

let server: TestServer;
let warmBytes: number;
beforeAll(async () => {
  server = await startHangar();
  const client = connect(server.location);
  await client.put(dataset, numbers(32 * mebi));
  client.close();
  // What the first calls of each kind compile and cache stays: a hundredth of each load makes V8 compile what is called often.
  for (const [, load, count] of loads) await load(server.port, dataset, Math.ceil(count / 100));
  warmBytes = await leastBytes(0, settleMs);
}, 240_000);
afterAll(() => server[Symbol.asyncDispose]());

/** Numbers that do not compress. */
function numbers(byteLength: number): Table {
  const rowCount = byteLength / 8;
  const values = Float64Array.from({ length: rowCount }, (_, i) => Math.sin(i));
  const field = new Field("n", new Float64(), false);
  const child = makeData({ type: field.type, length: rowCount, nullCount: 0, data: values });
  const data = makeData({ type: new Struct([field]), length: rowCount, nullCount: 0, children: [child] });
  return new Table(new Schema([field]), [new RecordBatch(new Schema([field]), data)]);
}

async function residentBytes(): Promise<number> {
  const status = await readFile(`/proc/${server.child.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
}

/** Returns the least memory that the server has within a time, or the first that is within the bound, in bytes. */
async function leastBytes(boundBytes: number, limitMs: number): Promise<number> {
  const deadline = Date.now() + limitMs;
  let least = await residentBytes();
  while (least > boundBytes && Date.now() < deadline) {
    await sleep(500);
    least = Math.min(least, await residentBytes());
  }
  return least;
}

describe("a server gives back what it took for", () => {
  test.each(loads)("%s", { timeout: 300_000 }, async (_title, load, count) => {
    await load(server.port, dataset, count);
    const boundBytes = warmBytes * (1 + keptShareMax);
    expect(await leastBytes(boundBytes, backMs)).toBeLessThanOrEqual(boundBytes);
  });
});
