import { readFile } from "node:fs/promises";
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
import { waitUntil } from "../support/wait.ts";

const mebi = 1024 * 1024;
const dataset = "numbers";

let server: TestServer;
beforeAll(async () => {
  server = await startHangar();
  const client = connect(server.location);
  await client.put(dataset, numbers(32 * mebi));
  client.close();
});
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

describe("a server gives back what it took for", () => {
  test.each<[string, MemoryLoad, number]>([
    ["readers that never read", pauseReaders, 100],
    ["streams that are reset", resetStreams, 2_000],
    ["requests in a pipeline", pipelineRequests, 4_000],
    ["puts that stop before the end of a message", stopPuts, 3],
    ["batches that expand", expandPuts, 2],
  ])("%s", { timeout: 180_000 }, async (_title, load, count) => {
    const before = await residentBytes();
    const bound = 1.3 * before + 40 * mebi;
    await load(server.port, dataset, count);
    const isBack = async () => (await residentBytes()) <= bound;
    // A minute: it is told to nobody when clients have left, and garbage is looked for every few seconds.
    await waitUntil("memory is given back", isBack).catch(() => waitUntil("memory is given back", isBack));
    expect(await residentBytes()).toBeLessThanOrEqual(bound);
  });
});
