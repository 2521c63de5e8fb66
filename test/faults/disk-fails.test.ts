import { open, readFile, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Disk } from "../../src/storage/folder/disk.ts";
import { openLocalFile } from "../../src/storage/index.ts";
import { ParquetPool, readParquetFacts, readParquetFrames } from "../../src/parquet/index.ts";
import type { Job } from "../../src/parquet/workers/worker-protocol.ts";
import { collect, codeOf, failureOf, get, list, put } from "../contract/calls.ts";
import { contentOf, createTable, toRows } from "../contract/tables.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { startWatchedServer, type WatchedServer } from "../support/watched-server.ts";

const table = createTable(1);

/** Puts a dataset that nobody has looked at. */
async function putUnknown({ folder, store }: WatchedServer, name: string): Promise<void> {
  await put(store, [name], table);
  // A version of its own, of which nothing is known, also where the clock of the file system is coarse.
  await utimes(join(folder, name), 1, 1);
}

/** Has the workers read a file whose reads fail with EIO in the system itself: where a process has no memory. */
async function failReads(pool: ParquetPool): Promise<AsyncDisposable> {
  const memory = await open("/proc/self/mem");
  const run = pool.run.bind(pool);
  const failing = vi.spyOn(pool, "run").mockImplementation((job: Job, options) => {
    const broken = "file" in job ? { ...job, file: { ...job.file, id: -1, fd: memory.fd } } : job;
    return run(broken as never, options);
  });
  return {
    async [Symbol.asyncDispose]() {
      failing.mockRestore();
      await memory.close();
    },
  };
}

/** Has the first call of a method of the next file that is opened fail. */
function failOnce(method: "read" | "stat", code: string): void {
  const failure = Object.assign(new Error(`${code}: i/o error, read '/srv/secret'`), { code });
  const open = Disk.prototype.open;
  vi.spyOn(Disk.prototype, "open").mockImplementationOnce(async function (this: Disk, path, flags) {
    const file = await open.call(this, path, flags);
    vi.spyOn(file, method).mockImplementationOnce(() => {
      throw failure;
    });
    return file;
  });
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a disk that fails in a worker", () => {
  test("makes everything of a dataset UNAVAILABLE while it lasts, and nothing after", async () => {
    await using server = await startWatchedServer();
    await putUnknown(server, "a");
    {
      await using _ = await failReads(server.pool);
      for (let i = 0; i < 2; i++) {
        const failure = await failureOf(get(server.store, "a"));
        expect(failure).toMatchObject({
          code: "unavailable",
          message: expect.stringContaining('dataset "a"') as string,
        });
        // A list without it would look complete.
        expect(await codeOf(list(server.store))).toBe("unavailable");
      }
    }
    expect(await list(server.store)).toEqual(["a"]);
    expect(toRows(await get(server.store, "a"))).toEqual(contentOf(table));
    await server.expectNothingHeld();
  });

  test("does so also where parquet-wasm meets it, and the worker goes on", async () => {
    await using folder = await createTemporaryFolder();
    const pool = new ParquetPool({ workerCount: 1 });
    const path = join(folder.path, "a");
    await using server = await startWatchedServer({ pool });
    await put(server.store, ["a"], table);
    const bytes = await readFile(join(server.folder, "a"));
    await writeFile(path, bytes);
    const file = await openLocalFile(path);
    try {
      const facts = await readParquetFacts(pool, file);
      const read = () => collect(readParquetFrames(pool, file, facts, { signal: new AbortController().signal }));
      await truncate(path, 4);
      expect(await codeOf(read())).toBe("unavailable");
      await writeFile(path, bytes);
      expect(toRows(await read())).toEqual(contentOf(table));
    } finally {
      await file.close();
    }
    await pool.close();
  });

  test("does not blame an uploaded file", async () => {
    await using server = await startWatchedServer();
    await put(server.store, ["a"], table);
    const bytes = await readFile(join(server.folder, "a"));
    const context = { signal: new AbortController().signal } as never;
    const putFile = () =>
      server.store.files.putFile(context, {
        name: "b",
        condition: {},
        format: "parquet",
        chunks: chunksOf(bytes),
      } as never);
    {
      await using _ = await failReads(server.pool);
      expect(await codeOf(putFile())).toBe("unavailable");
    }
    await putFile();
    expect(await list(server.store)).toEqual(["a", "b"]);
  });
});

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

describe.each(["EIO", "ESTALE", "EMFILE", "ENOMEM", "ETIMEDOUT"])("%s of the disk", (code) => {
  test("where a file's state is looked at is UNAVAILABLE once", async () => {
    await using server = await startWatchedServer();
    await putUnknown(server, "a");
    failOnce("stat", code);
    const failure = await failureOf(get(server.store, "a"));
    expect(failure.code).toBe("unavailable");
    expect(failure.message).not.toContain("secret");
    expect(await list(server.store)).toEqual(["a"]);
    expect(toRows(await get(server.store, "a"))).toEqual(contentOf(table));
  });

  test("where its bytes are sent is UNAVAILABLE once", async () => {
    await using server = await startWatchedServer();
    await putUnknown(server, "a");
    const readAll = async () => {
      const context = { signal: new AbortController().signal } as never;
      const file = await server.store.files.openFile(context, "a" as never);
      try {
        return Buffer.concat(await collect(file.readBytes(0, file.byteLength)));
      } finally {
        await file.close();
      }
    };
    failOnce("read", code);
    expect(await codeOf(readAll())).toBe("unavailable");
    expect(await readAll()).toEqual(await readFile(join(server.folder, "a")));
  });
});
