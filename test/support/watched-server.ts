import { expect } from "vitest";
import { ParquetPool, type ParquetPoolOptions } from "../../src/parquet/index.ts";
import { createFlightServer, type FlightServerOptions } from "../../src/server/index.ts";
import type { DatasetStore } from "../../src/store/index.ts";
import { openFolderStore } from "./folder-store.ts";
import { createTemporaryFolder } from "./folder.ts";
import { filesBelow, openFilesOf } from "./process-files.ts";
import { waitUntil } from "./wait.ts";

/** A server in the test's own process, of which the test sees what it holds. */
export interface WatchedServer extends AsyncDisposable {
  readonly port: number;
  readonly folder: string;
  readonly store: DatasetStore;
  readonly pool: ParquetPool;
  /** The files of the folder that are no datasets. */
  hiddenFiles(): Promise<string[]>;
  /** Waits until no call holds anything any more: memory, a worker, an open file, or a temporary one. */
  expectNothingHeld(): Promise<void>;
}

/** How often in a row nothing must be held: between two steps of a commit nothing is, for a moment. */
const calmCountMin = 5;

/** Starts a server over an empty folder, on a free port; with a pool of its own, unless it is given the caller's. */
export async function startWatchedServer(
  options: ParquetPoolOptions & Pick<FlightServerOptions, "silence" | "tls"> & { readonly pool?: ParquetPool } = {},
): Promise<WatchedServer> {
  const temporary = await createTemporaryFolder();
  const folder = temporary.path;
  const pool = options.pool ?? new ParquetPool({ workerCount: 1, ...options });
  const store = await openFolderStore({ folder, pool });
  const server = createFlightServer({
    producer: store,
    files: store.files,
    silence: options.silence,
    tls: options.tls,
  });
  const { port } = await server.listen({ port: 0 });
  const hiddenFiles = async () => (await filesBelow(folder)).filter((path) => path.startsWith("."));
  const held = async () => ({
    uploadBytes: pool.uploads.heldBytes,
    readAheadBytes: pool.readAhead.heldBytes,
    workers: pool.busyWorkerCount,
    openFiles: await openFilesOf(process.pid, folder),
    hiddenFiles: await hiddenFiles(),
  });
  const nothing = { uploadBytes: 0, readAheadBytes: 0, workers: 0, openFiles: [], hiddenFiles: [] };
  return {
    port,
    folder,
    store,
    pool,
    hiddenFiles,
    async expectNothingHeld() {
      let last = await held();
      let calmCount = 0;
      await waitUntil("nothing is held", async () => {
        last = await held();
        calmCount = JSON.stringify(last) === JSON.stringify(nothing) ? calmCount + 1 : 0;
        return calmCount > calmCountMin;
      }).catch(() => {});
      expect(last).toEqual(nothing);
    },
    async [Symbol.asyncDispose]() {
      await server.close({ drainTimeoutMs: 0 });
      await store.close();
      if (pool !== options.pool) await pool.close();
      await temporary[Symbol.asyncDispose]();
    },
  };
}
