import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { drainTimeoutMs } from "../flight/index.ts";
import {
  anonymous,
  type DatasetCatalog,
  type DatasetFiles,
  type FlightProducer,
  type FlightRelay,
} from "../producer/index.ts";
import { createCorsGate } from "./http/cors.ts";
import { createFilesEndpoint } from "./files/files-endpoint.ts";
import { normalizeHost } from "./http/host-guard.ts";
import type { IsReady } from "./services/health.ts";
import { Listener, type TlsOptions } from "./http/listener.ts";
import { silentLogger, type Logger } from "./logger.ts";
import { createMetricsEndpoint } from "./http/metrics-endpoint.ts";
import { Metrics } from "./metrics.ts";
import { TrustedProxies } from "./http/origin.ts";
import { createRequestHandler } from "./http/request-handler.ts";
import { createRouter, type Authenticate } from "./rpc/router.ts";
import { createErrorTranslator } from "./rpc/translate-errors.ts";
import type { SilenceLimits } from "./http/silence.ts";
import type { WebFiles } from "./http/web-files.ts";

/** What a Flight server serves, to whom, and as what. */
export interface FlightServerOptions {
  /** What the Flight service answers with. */
  readonly producer: FlightProducer | FlightRelay;
  /** What `hangar.v1.DatasetService` answers with; left out, that service is not there. */
  readonly catalog?: DatasetCatalog | undefined;
  /** What is served as files at `/datasets/NAME`; left out, there are none. */
  readonly files?: DatasetFiles | undefined;
  /** Says whether the server can serve, where that hangs on others; asked at health checks. Always, by default. */
  readonly isReady?: IsReady | undefined;
  /** Says who calls; left out, everybody may. */
  readonly authenticate?: Authenticate | undefined;
  /** Certificate and key; left out, the port is plaintext. */
  readonly tls?: TlsOptions | undefined;
  /** Origins whose pages may call, such as `https://app.example`; `*` for all. None by default. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Host names that clients reach the server by, besides loopback and its own addresses; `*` for any. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Addresses or subnets of proxies whose X-Forwarded headers are believed. None by default. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** A web app to serve beside the calls, see `readWebFiles`; none by default. */
  readonly webFiles?: WebFiles | undefined;
  /** Where calls and data are counted, for `/metrics`; one of its own by default. */
  readonly metrics?: Metrics | undefined;
  /** How long connections may be silent before their peers are held to be gone; about two minutes by default. */
  readonly silence?: SilenceLimits | undefined;
  /** Where the log goes; nowhere by default. */
  readonly logger?: Logger | undefined;
}

/** A Flight server, to be started and stopped. */
export interface FlightServer {
  /**
   * Listens on one port for gRPC, gRPC-Web and Connect.
   *
   * @param options - `host` defaults to 127.0.0.1; `port` 0 picks a free one
   * @returns the address that it listens on
   */
  listen(options: { host?: string; port: number }): Promise<AddressInfo>;
  /**
   * Stops the server. Health turns to NOT_SERVING and `/readyz` to 503. After `drainDelayMs` (0 by default), during
   * which load balancers notice, the server accepts no more calls. Running calls may go on for `drainTimeoutMs` (30 s by
   * default). Later calls wait for the first.
   */
  close(options?: { drainDelayMs?: number; drainTimeoutMs?: number }): Promise<void>;
}

/** Makes a server out of a producer. */
export function createFlightServer(options: FlightServerOptions): FlightServer {
  const { metrics = new Metrics(), logger = silentLogger, authenticate = () => anonymous, files } = options;
  const translator = createErrorTranslator(logger, metrics);
  const { handlers, health } = createRouter({ ...options, metrics, translator });
  const handler = createRequestHandler({
    handlers,
    files: files && createFilesEndpoint({ files, authenticate, translator, metrics }),
    metrics: createMetricsEndpoint({ metrics, authenticate, translator }),
    isReady: (signal) => health.isServing(signal),
    cors: createCorsGate(options.corsOrigins ?? []),
    allowedHosts: new Set((options.allowedHosts ?? []).map(normalizeHost)),
    trustedProxies: new TrustedProxies(options.trustedProxies ?? []),
    webFiles: options.webFiles ?? new Map(),
    logger,
  });
  const listener = new Listener(handler, options);
  let closed: Promise<void> | undefined;
  return {
    listen: async ({ host = "127.0.0.1", port }) => await listener.listen({ host, port }),
    close: async (stop) => {
      health.stop();
      closed ??= sleep(stop?.drainDelayMs ?? 0).then(() => listener.drain(stop?.drainTimeoutMs ?? drainTimeoutMs));
      await closed;
    },
  };
}
