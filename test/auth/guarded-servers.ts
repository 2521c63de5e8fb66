import { createAccess, type Access, type AccessConfig } from "../../src/auth/index.ts";
import { parseDatasetName } from "../../src/dataset/index.ts";
import { createProxy, type ProxyOptions } from "../../src/proxy/index.ts";
import { createFlightServer, type FlightServerOptions } from "../../src/server/index.ts";
import type { Storage } from "../../src/storage/index.ts";
import { connect } from "../../src/client-node/index.ts";
import { createTable } from "../contract/tables.ts";
import { openTestStore, serveStore } from "../support/test-store.ts";

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
export async function serveGuardedStore(
  config?: AccessConfig,
  options: Partial<FlightServerOptions> = {},
): Promise<GuardedServer> {
  const files = await encodeFiles();
  const { storage, ...served } = await serveStore(await openTestStore(), { ...accessOf(config), ...options });
  const reset = async (): Promise<void> => await fill(storage, files);
  await reset();
  return {
    ...served,
    reset,
    snapshot: async () => {
      const listed = await Array.fromAsync(storage.list({ after: "" }));
      return await Promise.all(listed.map(async ({ name }) => `${name} ${(await storage.stat(name)).id}`));
    },
  };
}

/** Serves a proxy before a server, to those whom a configuration lets in. */
export async function serveGuardedProxy(
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
  await using server = await serveStore(await openTestStore());
  const client = connect(`grpc://127.0.0.1:${server.port}`);
  const files = new Map<string, Uint8Array>();
  for (const [i, name] of names.entries()) {
    await client.put(name, createTable(i));
    files.set(name, await (await fetch(`${server.url}/${name}`)).bytes());
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
