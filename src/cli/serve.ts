import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Logger } from "pino";
import type { AnonymousAccess } from "../auth/index.ts";
import { FlightError } from "../flight/index.ts";
import { ParquetPool } from "../parquet/index.ts";
import {
  countReceived,
  createFlightServer,
  Metrics,
  readWebFiles,
  type FlightServer,
  type FlightServerOptions,
} from "../server/index.ts";
import { createDatasetStore, type DatasetStore } from "../store/index.ts";
import { ClosingStack } from "./closing-stack.ts";
import { LiveAccess } from "./config/live-access.ts";
import { isOpen, type Settings } from "./config/settings.ts";
import { SettingsWatch } from "./config/settings-watch.ts";
import { exitCode, UsageError } from "./exit-code.ts";
import { createLoggers } from "./create-loggers.ts";
import { explainListen } from "./explain-listen.ts";
import { giveMemoryBack } from "./give-memory-back.ts";
import { openProxy, type UpstreamOptions } from "./open-proxy.ts";
import { openStorage, type StorageFlags } from "./open-storage.ts";
import { packageVersion } from "./package-version.ts";
import { readTls } from "./read-tls.ts";

/** The folder of the built web app. */
const webFolder = join(import.meta.dirname, "../web");
/** The client for pages of other sites. */
const browserBundle = join(import.meta.dirname, "../browser.min.js");

/** The flags of `hangar serve`. */
export interface ServeOptions extends UpstreamOptions, StorageFlags {
  readonly host: string;
  readonly port: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly corsOrigin: readonly string[];
  readonly allowedHost: readonly string[];
  readonly trustedProxy: readonly string[];
  /** Seconds between the first signal and the closing of the listening socket. Meanwhile, `/readyz` is 503. */
  readonly drainDelay: number;
  /** The locations of all servers over the bucket. */
  readonly peers: readonly string[];
  /** The URL of this server for browsers. */
  readonly base?: string;
  /** The path below which a reverse proxy serves this server. */
  readonly basePath?: string;
  readonly logLevel: string;
  /** The rights of anonymous callers; `readSettings` decides if it is omitted. */
  readonly anonymous?: AnonymousAccess;
  readonly allowAnonymous?: boolean;
  readonly config?: string;
}

/**
 * Serves a folder, a bucket or another server until the process is told to stop. Resolves when the server listens.
 *
 * @param read - reads the settings; called again when they may have changed
 * @param started - workers that have started already, if they are probably needed
 */
export async function serve(read: () => Settings, started: ParquetPool | undefined): Promise<void> {
  const settings = read();
  const { options } = settings;
  await giveMemoryBack();
  const { logger, auditLogger, setLevel } = createLoggers(options.logLevel);
  // Resources are closed in reverse order: at the end of the process, or if the start fails.
  const opened = new ClosingStack();
  let isListening = false;
  try {
    const tls = readTls(settings);
    const access = isOpen(settings) ? undefined : new LiveAccess(settings);
    const backend = await openBackend(settings, { opened, started, logger });
    const server = opened.adopt(
      createFlightServer({
        ...backend,
        ...access?.hooks,
        tls,
        corsOrigins: options.corsOrigin,
        // Clients may use the name that the server listens on.
        allowedHosts: [options.host, ...options.allowedHost],
        trustedProxies: options.trustedProxy,
        baseUrl: options.base,
        basePath: options.basePath,
        webFiles: await readWebFiles(webFolder, [browserBundle]),
        limits: settings.limits,
        logger,
        auditLogger,
      }),
      (server) => server.close({ drainDelayMs: isListening ? 1000 * options.drainDelay : 0 }),
    );
    const apply = async (now: Settings): Promise<void> => {
      const [newTls, newAccess] = [readTls(now), access?.prepare(now)];
      if (tls && newTls) server.setTls(newTls);
      if (newAccess) access?.set(newAccess);
      setLevel(now.options.logLevel);
    };
    const watch = new SettingsWatch({ started: settings, read, apply, logger });
    opened.adopt(watch, (each) => each.close());
    const address = await listen(server, options);
    isListening = true;
    stopOnSignal(() => opened.close(), logger);
    console.log(startLine(options, address, tls !== undefined));
  } catch (reason) {
    await opened.close();
    // No call has failed yet, so a flag is wrong.
    const isFlag = reason instanceof FlightError && reason.code === "invalid_argument";
    throw isFlag ? new UsageError(reason.message, { cause: reason }) : reason;
  }
}

interface BackendParts {
  /** Closes what is opened. */
  readonly opened: ClosingStack;
  readonly started: ParquetPool | undefined;
  readonly logger: Logger;
}

/** Opens the producer and its dependencies. */
async function openBackend(
  settings: Settings,
  { opened, started, logger }: BackendParts,
): Promise<Pick<FlightServerOptions, "producer" | "catalog" | "files" | "metrics" | "isReady">> {
  const { options } = settings;
  if (options.upstream !== undefined) {
    // Only the configuration file says so.
    await started?.close();
    // If this server checks credentials, they are not for the upstream.
    const credentials = isOpen(settings) ? "forward" : "none";
    const proxy = await openProxy(options.upstream, { upstreamCredentials: credentials, ...options });
    return opened.adopt(proxy, async (each) => each.close());
  }
  const pool = opened.adopt(started ?? new ParquetPool(), (pool) => pool.close());
  const store = opened.adopt(await openStore(options, pool, logger), (store) => store.close());
  return {
    producer: store,
    catalog: store,
    files: store.files,
    metrics: createMetrics(pool),
    isReady: (signal) => store.isReady(signal),
  };
}

function createMetrics(pool: ParquetPool): Metrics {
  const metrics = new Metrics();
  metrics.addProcess(packageVersion);
  metrics.addGauge("hangar_workers", "Number of Parquet workers, which encode and decode", () => pool.workerCount);
  metrics.addGauge("hangar_workers_busy", "Number of Parquet workers that are busy", () => pool.busyWorkerCount);
  metrics.addGauge("hangar_read_ahead_bytes", "Bytes that readers hold decoded", () => pool.readAhead.heldBytes);
  return metrics;
}

async function openStore(options: ServeOptions, pool: ParquetPool, log: Logger): Promise<DatasetStore> {
  const storage = await openStorage(options, { log, onReceived: countReceived });
  const { advertise, peers } = options;
  return createDatasetStore({ storage, pool, log, peers, ...(advertise !== undefined && { advertise }) });
}

async function listen(server: FlightServer, { host, port }: ServeOptions): Promise<AddressInfo> {
  return await server.listen({ host, port }).catch((reason: unknown) => {
    throw explainListen(reason, { host, port });
  });
}

/** Formats the addresses: one line for programs, then one for the web app. */
function startLine(
  { upstream, repo, basePath = "/" }: ServeOptions,
  { address, family, port }: AddressInfo,
  isSecure: boolean,
): string {
  const authority = `${family === "IPv6" ? `[${address}]` : address}:${port}`;
  const flight = `${isSecure ? "grpc+tls" : "grpc"}://${authority}`;
  const web = `${isSecure ? "https" : "http"}://${authority}`;
  const line = `Hangar serves ${upstream ?? repo}: Flight at ${flight}, gRPC-Web and Connect (JSON for curl) at ${web}`;
  return `${line}\nWeb app: ${web}${basePath.replace(/\/?$/, "/")}`;
}

/** Stops the server on a signal. The first signal lets calls finish; the second one does not wait for them. */
function stopOnSignal(stop: () => Promise<void>, logger: Logger): void {
  let isStopping = false;
  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15],
  ] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(128 + number);
      isStopping = true;
      logger.info({ signal }, "stopping: waiting for running calls");
      stop().then(
        () => process.exit(exitCode.ok),
        (reason: unknown) => {
          logger.error({ err: reason }, "stopping failed");
          process.exit(exitCode.failure);
        },
      );
    });
  }
  // An uncaught error is a bug in Hangar. It must not affect other requests.
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (reason: unknown) => logger.error({ err: reason }, `${event}: please report this`));
  }
}
