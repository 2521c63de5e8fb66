import { ParquetPool, type ParquetPoolOptions } from "../../src/parquet/index.ts";
import { createFlightServer, type FlightServerOptions } from "../../src/server/index.ts";
import type { Storage } from "../../src/storage/index.ts";
import { createDatasetStore, type DatasetStore } from "../../src/store/index.ts";
import { openTestFolder, type TestStorage } from "./storages.ts";

/** A store with a storage and workers of its own, which end with it. */
export interface TestStore extends AsyncDisposable {
  readonly store: DatasetStore;
  readonly storage: Storage;
  readonly pool: ParquetPool;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Options of `openTestStore`. A pool has one worker by default. */
export interface TestStoreOptions extends ParquetPoolOptions {
  /** Opens the storage; by default an empty folder. */
  readonly openStorage?: () => Promise<TestStorage>;
}

/** Opens a store. */
export async function openTestStore({
  openStorage = openTestFolder,
  ...options
}: TestStoreOptions = {}): Promise<TestStore> {
  await using opening = new AsyncDisposableStack();
  const { storage } = opening.use(await openStorage());
  const pool = opening.adopt(new ParquetPool({ workerCount: 1, ...options }), (each) => each.close());
  const store = opening.adopt(createDatasetStore({ storage, pool }), (each) => each.close());
  const opened = opening.move();
  return { store, storage, pool, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** A server of a store, in the test's own process. No call outlives it. */
export interface StoreServer extends TestStore {
  readonly port: number;
  /** Where HTTP clients find the datasets as files. */
  readonly url: string;
  /** Ends the server. The store stays until the whole is disposed of. */
  close(): Promise<void>;
}

/** Serves a store on a free port of this machine. */
export async function serveStore(opened: TestStore, options: Partial<FlightServerOptions> = {}): Promise<StoreServer> {
  const { store } = opened;
  const server = createFlightServer({ producer: store, catalog: store, files: store.files, ...options });
  const { port } = await server.listen({ port: 0 });
  const close = (): Promise<void> => server.close({ drainTimeoutMs: 0 });
  return {
    ...opened,
    port,
    url: `http://127.0.0.1:${port}/datasets`,
    close,
    async [Symbol.asyncDispose]() {
      await close();
      await opened[Symbol.asyncDispose]();
    },
  };
}
