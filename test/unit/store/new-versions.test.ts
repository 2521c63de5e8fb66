import { createHook } from "node:async_hooks";
import { readdir } from "node:fs/promises";
import { Dictionary, Int32, Table, tableFromArrays, Utf8, vectorFromArray } from "apache-arrow";
import { afterAll, describe, expect, test, vi } from "vitest";
import { parseDatasetName } from "../../../src/dataset/index.ts";
import { ParquetPool } from "../../../src/parquet/index.ts";
import { openFolderStorage, silentLog } from "../../../src/storage/index.ts";
import { isOnLocalFileSystem } from "../../../src/storage/folder/local-file-system.ts";
import { DatasetReader } from "../../../src/store/dataset-reader.ts";
import { DatasetWriter } from "../../../src/store/dataset-writer.ts";
import { createTemporaryFolder } from "../../support/folder.ts";
import { waitUntil } from "../../support/wait.ts";
import { toFrames } from "../parquet/tables.ts";

const pool = new ParquetPool({ workerCount: 1 });
afterAll(() => pool.close());

const { signal } = new AbortController();

async function openStore() {
  const folder = await createTemporaryFolder();
  const storage = await openFolderStorage({ folder: folder.path });
  const openReader = (): DatasetReader => new DatasetReader(storage, pool, silentLog);
  const reader = openReader();
  const writer = new DatasetWriter(storage, pool, (version) => reader.learn(version));
  return {
    folder: folder.path,
    reader,
    openReader,
    async put(name: string, table: Table): Promise<void> {
      const [schema, ...rest] = toFrames(table);
      async function* batches() {
        yield* rest;
      }
      const frames = { schemaHeader: schema!.header, batches: batches() };
      await writer.putFrames(frames, { name: parseDatasetName(name), mode: "replace" }, { signal });
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await reader.close();
      await storage.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const numbers = (count: number): Table => tableFromArrays({ n: Int32Array.from({ length: count }, (_, i) => i) });

/** Counts the files whose footer is read, until it is disposed. */
function countReads() {
  const run = vi.spyOn(pool, "run");
  return {
    get count() {
      return run.mock.calls.filter(([{ kind }]) => kind === "describe").length;
    },
    [Symbol.dispose]: () => run.mockRestore(),
  };
}

describe("of datasets of one schema", () => {
  test("only the footer of the first put is read", async () => {
    await using store = await openStore();
    using reads = countReads();
    await store.put("first", numbers(3));
    await waitUntil("it is read", () => reads.count === 1);
    await store.reader.describe(parseDatasetName("first"));
    for (let i = 0; i < 20; i++) await store.put(`next-${i}`, numbers(i + 1));
    for (let i = 0; i < 20; i++) {
      const { facts } = await store.reader.describe(parseDatasetName(`next-${i}`));
      expect(facts.rowCount).toBe(BigInt(i + 1));
    }
    expect(reads.count).toBe(1);
  });

  test.each([
    ["numbers", numbers(5), numbers(70_000)],
    ["no rows", numbers(1), numbers(0)],
    ["dictionaries", categories(3), categories(10)],
    ["dictionaries that need wider indices", categories(3), categories(1000)],
  ])("with %s, the facts are those that a new server reads", async (_title, first, second) => {
    await using store = await openStore();
    await store.put("first", first);
    await store.reader.describe(parseDatasetName("first"));
    await store.put("second", second);
    const known = await store.reader.describe(parseDatasetName("second"));
    expect(known).toEqual(await store.openReader().describe(parseDatasetName("second")));
  });
});

function categories(count: number): Table {
  const values = Array.from({ length: count }, (_, i) => `category ${i}`);
  return new Table({ kind: vectorFromArray(values, new Dictionary(new Utf8(), new Int32())) });
}

/**
 * Counts the asynchronous calls of the file system during an action: the least of several times, because the process
 * itself may make some meanwhile. Each is a hop to another thread and back.
 */
async function countCalls(act: () => Promise<unknown>): Promise<number> {
  const counts: number[] = [];
  const isCall = (type: string): boolean => ["FSREQPROMISE", "FSREQCALLBACK"].includes(type);
  for (let round = 0; round < 5; round++) {
    let callCount = 0;
    const hook = createHook({ init: (_id, type) => void (callCount += isCall(type) ? 1 : 0) }).enable();
    await act();
    hook.disable();
    counts.push(callCount);
  }
  return Math.min(...counts);
}

test("a small put makes few calls of the file system, and leaves only its file", async () => {
  await using store = await openStore();
  await store.put("first", numbers(1000));
  await store.reader.describe(parseDatasetName("first"));
  let putCount = 0;
  const callCount = await countCalls(() => store.put(`next-${putCount++}`, numbers(1000)));
  // Sync and rename of the file, sync of the folder. Elsewhere: two look at the name; open, write, sync, status, rename
  // and close of the file; open, sync and close of the folder.
  expect(callCount).toBeLessThanOrEqual((await isOnLocalFileSystem(store.folder)) ? 3 : 11);
  const names = Array.from({ length: putCount }, (_, i) => `next-${i}`);
  expect((await readdir(store.folder)).toSorted()).toEqual([".hangar", "first", ...names]);
});

test("known datasets in a local folder are looked at without a hop to another thread", async () => {
  await using store = await openStore();
  await store.put("known", numbers(10));
  await store.put("folder/known", numbers(10));
  const describe = (name: string) => store.reader.describe(parseDatasetName(name));
  await Promise.all(["known", "folder/known"].map(describe));
  const isLocal = await isOnLocalFileSystem(store.folder);
  expect(await countCalls(() => describe("known"))).toBe(isLocal ? 0 : 1);
  // The folder may be on another file system.
  expect(await countCalls(() => describe("folder/known"))).toBe(2);
});
