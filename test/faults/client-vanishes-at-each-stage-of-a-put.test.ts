import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { ParquetPool } from "../../src/parquet/index.ts";
import { get, list, put } from "../contract/calls.ts";
import { contentOf, createTable, toPutFrames, toRows } from "../contract/tables.ts";
import { putByDuplex, putByGrpc, toGrpcMessage, type PutWire } from "../support/flight-wires.ts";
import { mockSyncs } from "../support/mock-syncs.ts";
import { waitUntil } from "../support/wait.ts";
import { startWatchedServer, type WatchedServer } from "../support/watched-server.ts";

const pool = new ParquetPool({ workerCount: 1 });
afterAll(() => pool.close());

const path = ["folder", "a"];
const name = "folder/a";
const oldTable = createTable(1);
const newTable = createTable(2, { batchCount: 3, rowCountPerBatch: 2000 });
const messages = toPutFrames(path, newTable).map(toGrpcMessage);
const halfOf = (message: Uint8Array): Uint8Array => message.subarray(0, message.byteLength / 2);

const wires: [string, (port: number) => Promise<PutWire>][] = [
  ["over gRPC, whose stream is reset,", (port) => putByGrpc(port, "reset")],
  ["over gRPC, whose connection breaks,", (port) => putByGrpc(port, "break")],
  ["over a duplex stream and HTTP/1.1", putByDuplex],
];

/** What the client has sent when it goes, and whether the server has begun to write by then. */
const stages: [when: string, sent: readonly Uint8Array[], hasBegun: boolean][] = [
  ["before its first message", [], false],
  ["inside its first message", [halfOf(messages[0]!)], false],
  ["after the schema", messages.slice(0, 1), true],
  ["inside a batch", [...messages.slice(0, 2), halfOf(messages[2]!)], true],
  ["between batches", messages.slice(0, 2), true],
  ["after the last batch, before it ends its request", messages, true],
];

async function sendAll(wire: PutWire, pieces: readonly Uint8Array[]): Promise<void> {
  for (const piece of pieces) await wire.send(piece);
}

/** What is there of the name: nothing, or the old or the new table, whole. */
async function versionOf({ store }: WatchedServer): Promise<"none" | "old" | "new"> {
  if (!(await list(store)).includes(name)) return "none";
  const read = toRows(await get(store, name));
  if (JSON.stringify(read, bigintAsText) === JSON.stringify(contentOf(oldTable), bigintAsText)) return "old";
  expect(read).toEqual(contentOf(newTable));
  return "new";
}

const bigintAsText = (_key: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);

describe.each(wires)("a client that puts %s and vanishes", (_wire, connect) => {
  test.each(stages)("%s, leaves nothing, and the version that was there", async (_when, sent, hasBegun) => {
    await using server = await startWatchedServer({ pool });
    for (const before of ["none", "old"]) {
      if (before === "old") await put(server.store, path, oldTable);
      const wire = await connect(server.port);
      await sendAll(wire, sent);
      if (hasBegun) await waitUntil("the upload begins", async () => (await server.hiddenFiles()).length === 1);
      await wire.vanish();
      await server.expectNothingHeld();
      expect(await versionOf(server)).toBe(before);
    }
  });
});

const inodeOf = async ({ folder }: WatchedServer): Promise<number> => (await stat(join(folder, name))).ino;

/** Has the server wait in a sync of its commit, counted from 1, until it is let go. */
function holdSync(at: number): { readonly reached: Promise<void>; letGo(): void } {
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  let count = 0;
  mockSyncs(async (original) => {
    count += 1;
    if (count === at) {
      reached.resolve();
      await held.promise;
    }
    await original();
  });
  return { reached: reached.promise, letGo: held.resolve };
}

describe.each(wires)("a client that has put all %s and vanishes", (_wire, connect) => {
  afterEach(() => vi.restoreAllMocks());

  test.each([
    ["while the server syncs its file", 1],
    ["after the rename, while the server syncs the folder", 2],
    ["before it reads that all is well", Infinity],
  ])("%s, leaves one version whole, and nothing else", async (_when, syncCount) => {
    await using server = await startWatchedServer({ pool });
    await put(server.store, path, oldTable);
    const inode = await inodeOf(server);
    const sync = holdSync(syncCount);
    const wire = await connect(server.port);
    await sendAll(wire, messages);
    await wire.end().catch(() => {});
    if (syncCount === Infinity) await waitUntil("it is stored", async () => (await inodeOf(server)) !== inode);
    else await sync.reached;
    await wire.vanish();
    sync.letGo();
    await server.expectNothingHeld();
    const version = await versionOf(server);
    expect(syncCount === 1 ? ["old", "new"] : ["new"]).toContain(version);
    expect(await list(server.store)).toEqual([name]);
  });
});
