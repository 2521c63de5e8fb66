import { createAccess, type Access, type AccessConfig } from "../../src/auth/index.ts";
import { parseDatasetName } from "../../src/dataset/index.ts";
import { ParquetPool } from "../../src/parquet/index.ts";
import { createProxy, type ProxyOptions } from "../../src/proxy/index.ts";
import { createFlightServer, type FlightServerOptions } from "../../src/server/index.ts";
import { openFolderStorage, type Storage } from "../../src/storage/index.ts";
import { createDatasetStore } from "../../src/store/index.ts";
import { connect } from "../../src/client-node/index.ts";
import { createTable } from "../contract/tables.ts";
import { createTemporaryFolder } from "../support/folder.ts";
import { serveFiles } from "../support/serve-files.ts";

/** Datasets on a server of the test's own process, and what there is of them. */
export interface GuardedServer extends AsyncDisposable {
  readonly port: number;
  /** What there is: each dataset with its version. */
  snapshot(): Promise<readonly string[]>;
  /** Puts the datasets back that there were at first, and nothing else. */
  reset(): Promise<void>;
}

/** The datasets that there are at first. */
export const names = ["open/a", "secret/a", "secret/b"] as const;

/** Serves a store of three datasets to those whom a configuration lets in; to all, where it is left out. */
export async function serveStore(
  config?: AccessConfig,
  options: Partial<FlightServerOptions> = {},
): Promise<GuardedServer> {
  const folder = await createTemporaryFolder();
  const storage = await openFolderStorage({ folder: folder.path });
  const pool = new ParquetPool({ workerCount: 1 });
  const store = createDatasetStore({ storage, pool });
  const files = await encodeFiles();
  const server = createFlightServer({
    producer: store,
    catalog: store,
    files: store.files,
    ...accessOf(config),
    ...options,
  });
  const { port } = await server.listen({ port: 0 });
  const reset = async (): Promise<void> => await fill(storage, files);
  await reset();
  return {
    port,
    reset,
    snapshot: async () => {
      const listed = await Array.fromAsync(storage.list({ after: "" }));
      return await Promise.all(listed.map(async ({ name }) => `${name} ${(await storage.stat(name)).id}`));
    },
    async [Symbol.asyncDispose]() {
      await server.close({ drainTimeoutMs: 0 });
      await store.close();
      await pool.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Serves a proxy before a server, to those whom a configuration lets in. */
export async function serveProxy(
  upstream: GuardedServer,
  config: AccessConfig,
  credentials: NonNullable<ProxyOptions["credentials"]> = { kind: "none" },
  options: Partial<FlightServerOptions> = {},
): Promise<GuardedServer> {
  const proxy = createProxy({ upstream: `grpc://127.0.0.1:${upstream.port}`, credentials });
  const server = createFlightServer({
    producer: proxy.producer,
    catalog: proxy.catalog,
    ...accessOf(config),
    ...options,
  });
  const { port } = await server.listen({ port: 0 });
  return {
    port,
    snapshot: upstream.snapshot,
    reset: upstream.reset,
    async [Symbol.asyncDispose]() {
      await server.close({ drainTimeoutMs: 0 });
      proxy.close();
    },
  };
}

function accessOf(config: AccessConfig | undefined): Partial<Access> {
  return config === undefined ? {} : createAccess(config);
}

/** The bytes of a Parquet file for each name. */
async function encodeFiles(): Promise<ReadonlyMap<string, Uint8Array>> {
  await using server = await serveFiles();
  const client = connect(`grpc://127.0.0.1:${server.port}`);
  const files = new Map<string, Uint8Array>();
  for (const [i, name] of names.entries()) {
    await client.put(name, createTable(i));
    files.set(name, await (await fetch(`http://127.0.0.1:${server.port}/datasets/${name}`)).bytes());
  }
  client.close();
  return files;
}

async function fill(storage: Storage, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for await (const { name } of storage.list({ after: "" })) await storage.drop(name);
  for (const [name, bytes] of files) {
    const upload = await storage.create({ name: parseDatasetName(name), mode: "replace" });
    await upload.append(bytes);
    await upload.commit();
    await upload.discard();
  }
}
