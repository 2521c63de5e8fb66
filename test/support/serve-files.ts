import { ParquetPool } from "../../src/parquet/index.ts";
import { createFlightServer, type FlightServerOptions } from "../../src/server/index.ts";
import { openFolderStore } from "./folder-store.ts";
import { createScenarioProducer } from "../client/scenario-producer.ts";
import { createTemporaryFolder } from "./folder.ts";

/** A server of datasets as files, with the scenarios, in the test's own process. */
export interface FileServer extends AsyncDisposable {
  readonly port: number;
  /** Ends the server, and what is under way; what it has stored stays until it is disposed of. */
  close(): Promise<void>;
}

/** Serves an empty folder on a free port of this machine; no call outlives it. */
export async function serveFiles(options: Partial<FlightServerOptions> = {}): Promise<FileServer> {
  const folder = await createTemporaryFolder();
  const pool = new ParquetPool({ workerCount: 1 });
  const store = await openFolderStore({ folder: folder.path, pool });
  const producer = createScenarioProducer(store);
  const server = createFlightServer({ producer, catalog: store, files: store.files, ...options });
  const { port } = await server.listen({ port: 0 });
  const close = (): Promise<void> => server.close({ drainTimeoutMs: 0 });
  return {
    port,
    close,
    async [Symbol.asyncDispose]() {
      await close();
      await store.close();
      await pool.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}
