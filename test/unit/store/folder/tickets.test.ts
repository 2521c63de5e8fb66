import { utimes } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { create } from "@bufbuild/protobuf";
import { Int64, Table, vectorFromArray } from "apache-arrow";
import { afterAll, beforeEach, expect, test } from "vitest";
import { encodeCommand, encodeCompactCommand, type FlightCommand } from "../../../../src/dataset/index.ts";
import { createCommandDescriptor } from "../../../../src/flight/index.ts";
import { ActionSchema } from "../../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { ParquetPool } from "../../../../src/parquet/index.ts";
import { createMemoryStorage, openFolderStorage, silentLog, type Storage } from "../../../../src/storage/index.ts";
import { createDatasetStore, type DatasetStore } from "../../../../src/store/index.ts";
import { createTestContext } from "../../../contract/call-context.ts";
import { collect, drop, failureOf, list, put, ticketOf } from "../../../contract/calls.ts";
import { toRows } from "../../../contract/tables.ts";
import { createTemporaryFolder } from "../../../support/folder.ts";

/** Tickets of a folder whose files change, and reads beside compactions. */

const pool = new ParquetPool({ workerCount: 1 });
afterAll(() => pool.close());

let storage: Storage;
let store: DatasetStore;
const openStore = (own: Storage = storage): DatasetStore => createDatasetStore({ storage: own, pool, log: silentLog });
const changed = (changes: Partial<Storage>): Storage =>
  new Proxy(storage, {
    get(target, key) {
      const value: unknown = Reflect.get(key in changes ? changes : target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
/** Files that stay, as if the process had ended before it dropped them. */
const neverDrops = (): Storage => changed({ drop: () => Promise.reject(new Error("it was killed")) });

beforeEach(async () => {
  storage = createMemoryStorage();
  store = openStore();
  await putAll(store, { "s/a": [1, 2], "s/b": [3] });
  return async () => await storage.close();
});

async function putAll(to: DatasetStore, datasets: Readonly<Record<string, readonly number[]>>): Promise<void> {
  for (const [name, values] of Object.entries(datasets)) {
    await put(to, name.split("/"), new Table({ n: vectorFromArray(values.map(BigInt), new Int64()) }));
    // The next file has a later time.
    await setTimeout(2);
  }
}

async function ticketFor(from: DatasetStore, part: Partial<FlightCommand> = {}): Promise<Uint8Array<ArrayBuffer>> {
  const descriptor = createCommandDescriptor(encodeCommand({ dataset: "s/*", columns: ["n"], ...part }));
  const { endpoint } = await from.getFlightInfo!(createTestContext(), descriptor);
  return new Uint8Array(endpoint![0]!.ticket!.ticket!);
}

const read = async (from: DatasetStore, ticket: Uint8Array<ArrayBuffer> | string, call = {}): Promise<number[]> => {
  const frames = await collect(from.doGet!({ ...createTestContext(), ...call }, ticketOf(ticket)));
  return toRows(frames).rows.map((row) => Number((row as { n: bigint }).n));
};

async function compact(by: DatasetStore): Promise<void> {
  const body = encodeCompactCommand({ folder: "s" });
  await collect(by.doAction!(createTestContext(), create(ActionSchema, { type: "compact_folder", body })));
}

test("a ticket stays good when files are added, also by another program with an old time", async () => {
  await using folder = await createTemporaryFolder();
  await using opened = await openFolderStorage({ folder: folder.path }).then((own) => ({
    own,
    [Symbol.asyncDispose]: async () => await own.close(),
  }));
  const own = openStore(opened.own);
  await putAll(own, { "s/a": [1, 2], "s/c": [3] });
  const ticket = await ticketFor(own);
  await putAll(own, { "s/b": [4] });
  await utimes(join(folder.path, "s/b"), 1, 1);
  expect(await read(own, "s/*")).toEqual([1, 2, 4, 3]);
  expect(await read(own, ticket)).toEqual([1, 2, 3]);
});

test("a ticket stays good while a compaction keeps the files that it has replaced, on every server", async () => {
  const ticket = await ticketFor(store);
  await compact(openStore(neverDrops()));
  await putAll(store, { "s/c": [4] });
  for (const each of [store, openStore()]) expect(await read(each, ticket)).toEqual([1, 2, 3]);
  await drop(store, "s/a");
  for (const each of [store, openStore()]) {
    expect((await failureOf(read(each, ticket))).code).toBe("failed_precondition");
  }
});

test("a ticket of a compacted file stays good when the replaced files are dropped", async () => {
  await compact(openStore(neverDrops()));
  const ticket = await ticketFor(store);
  for (const name of ["s/a", "s/b"]) await drop(store, name);
  for (const each of [store, openStore()]) expect(await read(each, ticket)).toEqual([1, 2, 3]);
});

test("a ticket of one file stays good when another file is replaced", async () => {
  const ticket = await ticketFor(store, { limit: 2 });
  await putAll(store, { "s/b": [30] });
  expect(await read(store, ticket)).toEqual([1, 2]);
  await putAll(store, { "s/a": [10, 20] });
  expect((await failureOf(read(store, ticket))).code).toBe("failed_precondition");
});

test("a ticket does not give a caller files that it may not read", async () => {
  const ticket = await ticketFor(store);
  const mayRead = (name: string): boolean => name !== "s/b";
  expect((await failureOf(read(store, ticket, { mayRead }))).code).toBe("failed_precondition");
});

test("reads that filter see files that were added after a read of an earlier version", async () => {
  const ticket = await ticketFor(store);
  await putAll(store, { "s/c": [4] });
  expect(await read(openStore(), ticket)).toEqual([1, 2, 3]);
  const other = openStore();
  expect(await read(other, ticket)).toEqual([1, 2, 3]);
  expect(await read(other, await ticketFor(other, { filter: "n > 0" }))).toEqual([1, 2, 3, 4]);
});

test("a slow read has every row if a compaction replaces files while it looks at them", async () => {
  await putAll(store, { "s/other/c": [4] });
  let compacted: Promise<void> | undefined;
  const slow = changed({
    open: async (name) => {
      // A dataset with the name of the pattern is looked for first.
      if (name !== "s/**") await (compacted ??= compact(store).then(() => setTimeout(2)));
      return await storage.open(name);
    },
  });
  expect((await read(openStore(slow), "s/**")).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
  expect(await list(store)).toHaveLength(2);
});
