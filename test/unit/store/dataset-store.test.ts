import { cp, mkdir, readdir, readFile, rename, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { createPathDescriptor } from "../../../src/flight/index.ts";
import { ParquetPool } from "../../../src/parquet/index.ts";
import { JobFailure } from "../../../src/parquet/workers/worker-thread.ts";
import type { DatasetStoreOptions } from "../../../src/store/index.ts";
import { slowFileRetryMs } from "../../../src/store/limits.ts";
import { openFolderStore } from "../../support/folder-store.ts";
import { createTestContext } from "../../contract/call-context.ts";
import {
  codeOf,
  collect,
  failureOf,
  get,
  list,
  put,
  putFrames,
  silentStreamOf,
  ticketOf,
} from "../../contract/calls.ts";
import { contentOf, createTable, toPutFrames, toRows } from "../../contract/tables.ts";
import { createTemporaryFolder } from "../../support/folder.ts";
import { mockSyncs } from "../../support/mock-syncs.ts";

const pool = new ParquetPool({ workerCount: 1 });
afterAll(() => pool.close());

const longAgo = new Date(1_000_000);

/** A store on a folder of its own, and what it logs. */
async function openStore(options: Partial<DatasetStoreOptions> = {}) {
  const folder = await createTemporaryFolder();
  const warnings: object[] = [];
  const log = { info: (): void => {}, warn: (fields: object): void => void warnings.push(fields) };
  const store = await openFolderStore({ folder: folder.path, pool, log, ...options });
  return {
    store,
    warnings,
    folder: folder.path,
    at: (path: string): string => join(folder.path, path),
    async [Symbol.asyncDispose](): Promise<void> {
      await store.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe("a put", () => {
  test("makes an ordinary Parquet file of the dataset's name", async () => {
    await using opened = await openStore();
    await put(opened.store, ["folder", "uploaded.parquet"], createTable(1));
    const file = await readFile(opened.at("folder/uploaded.parquet"));
    expect([file.subarray(0, 4).toString(), file.subarray(-4).toString()]).toEqual(["PAR1", "PAR1"]);
    const info = await opened.store.getFlightInfo!(
      createTestContext(),
      createPathDescriptor(["folder", "uploaded.parquet"]),
    );
    expect(info.totalBytes).toBe(BigInt(file.byteLength));
  });

  test("is not seen before its end, and a store that closes meanwhile does not harm it", async () => {
    await using opened = await openStore();
    const call = new AbortController();
    const frames = toPutFrames(["a"], createTable(1));
    const ended = codeOf(putFrames(opened.store, silentStreamOf(frames), { signal: call.signal }));
    await expect.poll(() => readdir(opened.at(".hangar/uploads"))).toHaveLength(1);
    expect(await list(opened.store)).toEqual([]);
    const other = await openFolderStore({ folder: opened.folder, pool });
    await opened.store.close();
    await put(other, ["b"], createTable(2));
    await other.close();
    call.abort();
    expect(await ended).toBe("cancelled");
    await opened.store.close();
    expect(await readdir(opened.at(".hangar/uploads"))).toEqual([]);
  });

  test("whose answer is left has removed its file when it ends", async () => {
    await using opened = await openStore();
    const frames = toPutFrames(["a"], createTable(1), { acknowledged: true });
    const answers = opened.store.doPut!(createTestContext(), silentStreamOf(frames))[Symbol.asyncIterator]();
    await answers.next();
    await expect.poll(() => filesIn(opened.folder)).toHaveLength(1);
    await answers.return!();
    expect(await filesIn(opened.folder)).toEqual([]);
  });

  test("below a dataset, or onto a folder, is refused before the data is read", async () => {
    await using opened = await openStore();
    await put(opened.store, ["a"], createTable(1));
    await put(opened.store, ["folder", "b"], createTable(1));
    for (const path of [["a", "below"], ["folder"]]) {
      const refusal = await failureOf(putFrames(opened.store, silentStreamOf(toPutFrames(path, createTable(2)))));
      expect(refusal.code).toBe("failed_precondition");
      expect(refusal.message).not.toContain(opened.folder);
    }
    expect(await list(opened.store)).toEqual(["a", "folder/b"]);
  });

  test("leaves no file when the disk is full, and says RESOURCE_EXHAUSTED", async () => {
    await using opened = await openStore();
    await put(opened.store, ["a"], createTable(1));
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    const sync = vi.fn(() => Promise.reject(full));
    const mocked = mockSyncs(sync);
    const refusal = await failureOf(put(opened.store, ["a"], createTable(2)));
    expect(refusal).toEqual({ code: "resource_exhausted", message: `dataset "a": the server's disk is full` });
    expect(sync).toHaveBeenCalledOnce();
    mocked.mockRestore();
    expect(toRows(await get(opened.store, "a"))).toEqual(contentOf(createTable(1)));
    expect(
      (await readdir(opened.at(".hangar"), { recursive: true, withFileTypes: true })).some((e) => e.isFile()),
    ).toBe(false);
  });
});

/** The names of all files in a folder and below it. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe("files of other tools", () => {
  test("that are dropped into the folder are datasets", async () => {
    await using opened = await openStore();
    await put(opened.store, ["a"], createTable(1));
    await mkdir(opened.at("by/hand"), { recursive: true });
    await cp(opened.at("a"), opened.at("by/hand/copy.parquet"));
    expect(await list(opened.store)).toEqual(["a", "by/hand/copy.parquet"]);
    expect(toRows(await get(opened.store, "by/hand/copy.parquet"))).toEqual(contentOf(createTable(1)));
  });

  test("that are unsound are left out with one warning for each version, and DATA_LOSS when they are read", async () => {
    await using opened = await openStore();
    await put(opened.store, ["a"], createTable(1));
    await cp(opened.at("a"), opened.at("cut-off"));
    await truncate(opened.at("cut-off"), 100);
    await writeFile(opened.at("empty"), "");
    await writeFile(opened.at("noise"), "PAR1".padEnd(200, "x") + "PAR1");
    for (let i = 0; i < 3; i++) expect(await list(opened.store)).toEqual(["a"]);
    expect(opened.warnings).toHaveLength(3);
    expect(new Set(opened.warnings.map((fields) => "dataset" in fields && fields.dataset))).toEqual(
      new Set(["cut-off", "empty", "noise"]),
    );
    for (const name of ["cut-off", "empty", "noise"]) {
      const { code, message } = await failureOf(get(opened.store, name));
      expect([code, message]).toEqual(["data_loss", expect.stringContaining(`"${name}"`)]);
      expect(message).not.toContain(opened.folder);
    }
    expect(opened.warnings).toHaveLength(3);
    await utimes(opened.at("empty"), longAgo, longAgo);
    expect(await list(opened.store)).toEqual(["a"]);
    expect(opened.warnings).toHaveLength(4);
  });

  test("that take a worker too long are DEADLINE_EXCEEDED, not DATA_LOSS, and are read again after a while", async () => {
    await using opened = await openStore();
    await put(opened.store, ["a"], createTable(1));
    const impatient = new ParquetPool({ workerCount: 1, jobTimeoutMs: 1 });
    const warnings: object[] = [];
    const log = { info: (): void => {}, warn: (fields: object): void => void warnings.push(fields) };
    const store = await openFolderStore({ folder: opened.folder, pool: impatient, log });
    const message = `dataset "a": reading the Parquet file exceeded the server's time limit`;
    expect(await failureOf(get(store, "a"))).toEqual({ code: "deadline_exceeded", message });
    const jobs = vi.spyOn(impatient, "run").mockImplementation((job, options) => pool.run(job, options));
    expect(await list(store)).toEqual([]);
    expect(await failureOf(get(store, "a"))).toEqual({ code: "deadline_exceeded", message });
    expect(jobs).not.toHaveBeenCalled();
    expect(warnings).toHaveLength(1);
    const now = performance.now();
    vi.spyOn(performance, "now").mockImplementation(() => now + slowFileRetryMs + 1000);
    expect(await list(store)).toEqual(["a"]);
    expect(toRows(await get(store, "a"))).toEqual(contentOf(createTable(1)));
    await store.close();
    await impatient.close();
  });

  test("that a worker has no memory for are RESOURCE_EXHAUSTED, not DATA_LOSS, and are read again after a while", async () => {
    await using opened = await openStore();
    await put(opened.store, ["a"], createTable(1));
    const store = await openFolderStore({ folder: opened.folder, pool });
    const starve = () => vi.spyOn(pool, "run").mockRejectedValue(new JobFailure("exhausted", "unreachable"));
    const reading = starve();
    expect(await failureOf(get(store, "a"))).toMatchObject({ code: "resource_exhausted" });
    reading.mockRestore();
    expect(await list(store)).toEqual([]);
    const now = performance.now();
    vi.spyOn(performance, "now").mockImplementation(() => now + slowFileRetryMs + 1000);
    expect(await list(store)).toEqual(["a"]);
    const decoding = starve();
    expect(await failureOf(get(store, "a"))).toMatchObject({ code: "resource_exhausted" });
    decoding.mockRestore();
    // Rows that take too much memory say nothing of the file.
    expect(await list(store)).toEqual(["a"]);
    await store.close();
  });

  test("that cannot be names are left out with one warning, links without", async () => {
    await using opened = await openStore();
    await writeFile(opened.at("back\\slash"), "");
    await symlink("back\\slash", opened.at("link"));
    for (let i = 0; i < 3; i++) expect(await list(opened.store)).toEqual([]);
    expect(opened.warnings).toEqual([{ path: "back\\slash", why: "its name is not a valid dataset name" }]);
  });

  test("that replace a dataset are described anew, also when they have its size and time", async () => {
    await using opened = await openStore();
    await put(opened.store, ["a"], createTable(1));
    await put(opened.store, ["other"], createTable(2));
    await list(opened.store);
    for (const name of ["a", "other"]) await utimes(opened.at(name), longAgo, longAgo);
    await rename(opened.at("other"), opened.at("a"));
    expect(toRows(await get(opened.store, "a"))).toEqual(contentOf(createTable(2)));
  });

  test("that are written in place under a reader end it with ABORTED", async () => {
    await using opened = await openStore();
    await put(opened.store, ["a"], createTable(1, { batchCount: 8, rowCountPerBatch: 50_000 }));
    await utimes(opened.at("a"), longAgo, longAgo);
    const reading = opened.store.doGet!(createTestContext(), ticketOf("a"))[Symbol.asyncIterator]();
    await reading.next();
    await writeFile(opened.at("a"), "no Parquet any more");
    const { code, message } = await failureOf(collect({ [Symbol.asyncIterator]: () => reading }));
    expect([code, message]).toEqual(["aborted", 'dataset "a": its file was changed in place during the read']);
  });
});

describe("a store", () => {
  test("looks at files it knows without opening them", async () => {
    await using opened = await openStore();
    await put(opened.store, ["a"], createTable(1));
    for (let i = 0; i < 40; i++) await cp(opened.at("a"), opened.at(`copy-${i}`));
    await opened.store.getFlightInfo!(createTestContext(), createPathDescriptor(["a"]));
    const jobs = vi.spyOn(pool, "run");
    expect(await list(opened.store)).toHaveLength(41);
    // A job describes one or more files.
    const jobCount = jobs.mock.calls.length;
    expect(jobCount).toBeGreaterThan(0);
    expect(jobCount).toBeLessThanOrEqual(40);
    expect(await list(opened.store)).toHaveLength(41);
    await opened.store.getFlightInfo!(createTestContext(), createPathDescriptor(["a"]));
    expect(jobs).toHaveBeenCalledTimes(jobCount);
  });

  test("tells the location it is given, or else the one the client reached", async () => {
    const locationOf = async (options: Partial<DatasetStoreOptions>): Promise<string | undefined> => {
      await using opened = await openStore(options);
      await put(opened.store, ["a"], createTable(1));
      const context = createTestContext({ origin: "https://reached.example:8815" });
      const info = await opened.store.getFlightInfo!(context, createPathDescriptor(["a"]));
      return info.endpoint?.[0]?.location?.[0]?.uri;
    };
    expect(await locationOf({})).toBe("grpc+tls://reached.example:8815");
    expect(await locationOf({ advertise: "grpc+tcp://told.example:1" })).toBe("grpc+tcp://told.example:1");
  });

  test("fails a listing for want of workers rather than cut it short", async () => {
    await using folder = await createTemporaryFolder();
    const brief = new ParquetPool({ workerCount: 1 });
    const store = await openFolderStore({ folder: folder.path, pool: brief });
    await put(store, ["a"], createTable(1));
    await brief.close();
    expect(await codeOf(list(store))).toBe("unavailable");
    await store.close();
  });

  test("makes its folder where it is missing, and opens it through a link", async () => {
    await using folder = await createTemporaryFolder();
    await symlink("real", join(folder.path, "link"));
    await mkdir(join(folder.path, "real"));
    const store = await openFolderStore({ folder: join(folder.path, "link", "made"), pool });
    await put(store, ["a"], createTable(1));
    expect(await readdir(join(folder.path, "real", "made"))).toContain("a");
    await store.close();
  });
});
