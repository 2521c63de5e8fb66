import { stat } from "node:fs/promises";
import { join } from "node:path";
import { tableFromArrays, type Table } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { encodeCommand, type FlightCommand } from "../../../src/dataset/index.ts";
import { createCommandDescriptor } from "../../../src/flight/index.ts";
import { ParquetPool } from "../../../src/parquet/index.ts";
import { narrowedBytesMin } from "../../../src/parquet/read/limits.ts";
import { createTestContext } from "../../contract/call-context.ts";
import { put, ticketOf } from "../../contract/calls.ts";
import { countingWorker, countReads } from "../../support/count-reads.ts";
import { openFolderStore } from "../../support/folder-store.ts";
import { createTemporaryFolder } from "../../support/folder.ts";

vi.mock(import("../../../src/parquet/workers/worker-thread.ts"), async (importOriginal) => {
  const original = await importOriginal();
  class CountingThread extends original.WorkerThread {
    constructor() {
      super(countingWorker);
    }
  }
  return { ...original, WorkerThread: CountingThread };
});

/** Random values, which neither Snappy nor a dictionary makes smaller. */
function randomTable(columnCount: number, rowCount: number): Table {
  const values = (column: number) => Float64Array.from({ length: rowCount }, (_, row) => Math.sin(column * 1e6 + row));
  const columns = Array.from({ length: columnCount }, (_, i) => [`column ${i}.`, values(i)]);
  return tableFromArrays(Object.fromEntries(columns) as Record<string, Float64Array>);
}

/** The size of a page of a column of our files, in bytes. */
const pageBytes = 20_000 * 8;

let folder: Awaited<ReturnType<typeof createTemporaryFolder>>;

let known: Awaited<ReturnType<typeof openStore>>;

beforeAll(async () => {
  folder = await createTemporaryFolder();
  known = await openStore();
});
afterAll(async () => {
  await known[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** Opens a store with a pool of its own, which has read nothing. */
async function openStore() {
  // Each worker parses the footer of a version once. With one worker, the counts are exact.
  const pool = new ParquetPool({ workerCount: 1 });
  const store = await openFolderStore({ folder: folder.path, pool });
  return {
    put: (name: string, table: Table) => put(store, [name], table),
    async get(ticket: string | Uint8Array<ArrayBuffer>): Promise<void> {
      for await (const _ of store.doGet!(createTestContext(), ticketOf(ticket))) continue;
    },
    /** Returns the ticket of a part of a dataset. */
    async select(selection: FlightCommand): Promise<Uint8Array<ArrayBuffer>> {
      const descriptor = createCommandDescriptor(encodeCommand(selection));
      const { endpoint } = await store.getFlightInfo!(createTestContext(), descriptor);
      return new Uint8Array(endpoint![0]!.ticket!.ticket!);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await store.close();
      await pool.close();
    },
  };
}

describe.each([
  { title: "a small table", columnCount: 3, rowCount: 1000, readCountMax: 1, fileShareMax: 1 },
  { title: "a wide table", columnCount: 300, rowCount: 500, readCountMax: 1, fileShareMax: 1 },
  // A slice that begins within a row group reads each column on its own, and the page again in which it begins.
  { title: "several row groups", columnCount: 10, rowCount: 500_000, readCountMax: 45, fileShareMax: 1.15 },
])("$title", ({ title, columnCount, rowCount, readCountMax, fileShareMax }) => {
  const valueBytes = columnCount * rowCount * 8;
  let fileBytes: number;

  beforeAll(async () => {
    await known.put(title, randomTable(columnCount, rowCount));
    // Its footer is read in the background, which must not be counted.
    await known.select({ dataset: title });
    fileBytes = (await stat(join(folder.path, title))).size;
  });

  test("the first get parses the footer for each way to read it, and later gets parse none", async () => {
    await using store = await openStore();
    const first = await countReads(() => store.get(title));
    // Without page indexes, with them, and the footer alone.
    expect(first.footerCount).toBeLessThanOrEqual(3);
    expect(first.byteLength).toBeLessThanOrEqual((fileShareMax + 0.1) * fileBytes);
    const second = await countReads(() => store.get(title));
    expect(second.footerCount).toBe(0);
    expect(second.readCount).toBeLessThanOrEqual(readCountMax);
    expect(second.byteLength).toBeGreaterThan(0.9 * valueBytes);
    expect(second.byteLength).toBeLessThanOrEqual(fileShareMax * fileBytes);
  });

  test.each([
    ["a column", { columns: ["column 1."] }, valueBytes / columnCount],
    ["a row", { limit: 1 }, Math.min(valueBytes, columnCount * pageBytes)],
  ])("a get of %s reads only its pages", async (_title, selection, expectedBytes) => {
    const ticket = await known.select({ dataset: title, ...selection });
    await known.get(ticket);
    const { footerCount, byteLength } = await countReads(() => known.get(ticket));
    expect(footerCount).toBe(0);
    // One slice may end in a page in which the next one begins.
    expect(byteLength).toBeLessThanOrEqual(2.1 * expectedBytes);
  });

  test.each([
    ["no row", 0.5, 0],
    ["one row", Math.sin(123), 1],
    ["one of the last rows", Math.sin(rowCount - 2), 1],
  ])("a filter that %s meets reads the other columns only there", async (_title, value, matchCount) => {
    const filter = `"column 0." = ${value}`;
    const ticket = await known.select({ dataset: title, filter });
    await known.get(ticket);
    const { byteLength } = await countReads(() => known.get(ticket));
    // All columns of small files are decoded at once.
    if (valueBytes < narrowedBytesMin) return expect(byteLength).toBeLessThanOrEqual(1.1 * fileBytes);
    const filteredBytes = valueBytes / columnCount;
    const pages = Math.min(valueBytes, columnCount * pageBytes);
    // A page of a column, and its index.
    expect(byteLength).toBeLessThanOrEqual(1.2 * filteredBytes + 2.1 * matchCount * pages + 4000 * columnCount);
  });
});
