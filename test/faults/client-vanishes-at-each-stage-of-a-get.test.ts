import { tableFromArrays } from "apache-arrow";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { putFrames } from "../contract/calls.ts";
import { toFrames, toPutFrames } from "../contract/tables.ts";
import { getByGrpc, getByHttp1, readSome, type GetWire } from "../support/flight-wires.ts";
import { waitUntil } from "../support/wait.ts";
import { startWatchedServer, type WatchedServer } from "../support/watched-server.ts";

const mebi = 1024 * 1024;
const name = "long";
/** 64 MiB, which no window and no socket takes. */
const batchCount = 16;
const rowCountPerBatch = 512 * 1024;

let server: WatchedServer;
beforeAll(async () => {
  server = await startWatchedServer();
  const table = tableFromArrays({ n: Float64Array.from({ length: rowCountPerBatch }, () => Math.random()) });
  const [, batch] = toFrames(table);
  await putFrames(server.store, [toPutFrames([name], table)[0]!, ...Array.from({ length: batchCount }, () => batch!)]);
});
afterAll(() => server[Symbol.asyncDispose]());
afterEach(() => vi.restoreAllMocks());

/** Has the server wait before it decodes rows, until it is let go. */
function holdDecoding(): { readonly reached: Promise<void>; letGo(): void } {
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const original = server.pool.run.bind(server.pool) as (...args: unknown[]) => Promise<never>;
  vi.spyOn(server.pool, "run").mockImplementation(async (job, options) => {
    if (job.kind === "decode") {
      reached.resolve();
      await held.promise;
    }
    return original(job, options);
  });
  return { reached: reached.promise, letGo: held.resolve };
}

/** Waits until the server sends no more, though it has more: its reader has paused. */
async function untilPaused(): Promise<void> {
  let calmCount = 0;
  await waitUntil("the server waits for its reader", () => {
    const isCalm = server.pool.busyWorkerCount === 0 && server.pool.readAhead.heldBytes > 0;
    calmCount = isCalm ? calmCount + 1 : 0;
    return calmCount > 10;
  });
}

describe.each<[string, (port: number) => GetWire]>([
  ["over gRPC, whose stream is reset,", (port) => getByGrpc(port, name, "reset")],
  ["over gRPC, whose connection breaks,", (port) => getByGrpc(port, name, "break")],
  ["over gRPC-Web and HTTP/1.1", (port) => getByHttp1(port, name, "grpc-web")],
  ["over Connect and HTTP/1.1", (port) => getByHttp1(port, name, "connect")],
])("a client that gets %s and vanishes", (_wire, connect) => {
  test("before the first byte leaves nothing", async () => {
    const decoding = holdDecoding();
    const wire = connect(server.port);
    await decoding.reached;
    wire.vanish();
    decoding.letGo();
    await server.expectNothingHeld();
  });

  test.each([
    ["after the schema", 5],
    ["inside a batch", mebi + 7],
    ["half way", (batchCount / 2) * rowCountPerBatch * 8],
  ])("%s leaves nothing", async (_when, byteLength) => {
    const wire = connect(server.port);
    await readSome(await wire.answer, byteLength);
    wire.vanish();
    await server.expectNothingHeld();
  });

  test("while it has paused, when it holds no worker, leaves nothing", async () => {
    const wire = connect(server.port);
    await readSome(await wire.answer, mebi);
    await untilPaused();
    expect(server.pool.readAhead.heldBytes).toBeLessThanOrEqual(server.pool.readAhead.bytesMax);
    wire.vanish();
    await server.expectNothingHeld();
  });
});
