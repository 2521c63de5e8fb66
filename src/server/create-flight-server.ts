import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Gatekeeper, guardCatalog, guardFiles, guardProducer, type SignIn } from "../auth/index.ts";
import {
  anonymous,
  type Authenticate,
  type Authorize,
  type DatasetCatalog,
  type DatasetFiles,
  type FlightProducer,
  type FlightRelay,
} from "../producer/index.ts";
import { CallObserver } from "./calls/call-observer.ts";
import { parseBasePath } from "./http/base-path.ts";
import { createCorsGate } from "./http/cors.ts";
import { CallsAtWork } from "./http/calls-at-work.ts";
import { createNativeStreams } from "./http/native-streams.ts";
import { createFilesEndpoint } from "./files/files-endpoint.ts";
import { normalizeHost } from "./http/host-guard.ts";
import { drainTimeoutMs } from "./http/limits.ts";
import type { IsReady } from "./services/health.ts";
import { Listener, type TlsOptions } from "./http/listener.ts";
import { silentLogger, type Logger } from "./logger.ts";
import { createMetricsEndpoint } from "./http/metrics-endpoint.ts";
import { Metrics } from "./metrics.ts";
import { TrustedProxies } from "./http/origin.ts";
import { RefusalLog } from "./http/refusal-log.ts";
import { createForgeryCheck, createOwnPageCheck } from "./http/own-page.ts";
import { createSignInEndpoint } from "./sign-in/sign-in-endpoint.ts";
import { createRequestHandler } from "./http/request-handler.ts";
import { createAdmission } from "./rpc/admit.ts";
import { createRouter } from "./rpc/router.ts";
import { Limiter } from "./limits/limiter.ts";
import type { ServerLimits } from "./limits/server-limits.ts";
import { createErrorTranslator } from "./rpc/translate-errors.ts";
import type { FlightSilenceLimits } from "./http/silence.ts";
import type { WebFiles } from "./http/web-files.ts";

/** Options of a Flight server. */
export interface FlightServerOptions {
  /** The implementation of the Flight service. */
  readonly producer: FlightProducer | FlightRelay;
  /** The implementation of `hangar.v1.DatasetService`. If it is omitted, the server does not have the service. */
  readonly catalog?: DatasetCatalog | undefined;
  /** The datasets to serve as files at `/datasets/NAME`; none by default. */
  readonly files?: DatasetFiles | undefined;
  /** Checks whether the server can serve calls, for health checks; always true by default. */
  readonly isReady?: IsReady | undefined;
  /** Authenticates callers. By default, there is no authentication. */
  readonly authenticate?: Authenticate | undefined;
  /**
   * Decides what a caller may do with a dataset. By default, every caller may do everything. The server asks it for
   * every protocol, before it reads or sends data. To a caller, a dataset that it may not read does not exist.
   */
  readonly authorize?: Authorize | undefined;
  /** Handles `Handshake` instead of the producer, for example the handshake of `createAccess`. */
  readonly handshake?: FlightProducer["handshake"] | undefined;
  /** Exchanges credentials for sessions of browsers, at `/auth/`; none by default. `createAccess` returns it. */
  readonly signIn?: SignIn | undefined;
  /**
   * The server's URL for browsers, such as `https://flights.example`, for OpenID providers. By default, it is the URL
   * of each request.
   */
  readonly baseUrl?: string | undefined;
  /**
   * The path below which a reverse proxy serves this server, such as `/hangar`; `/` by default. Redirects, URLs of files
   * and the names of cookies contain it. The proxy may remove it from requests, or leave it in them.
   */
  readonly basePath?: string | undefined;
  /** Certificate and key. By default, the server does not use TLS. */
  readonly tls?: TlsOptions | undefined;
  /** Origins whose pages may call the server, such as `https://app.example`; `*` for all. None by default. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Allowed values of the Host header, besides loopback and the server's own addresses; `*` for any. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Addresses or subnets of proxies whose X-Forwarded headers are trusted. None by default. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** The web app to serve at `/`, see `readWebFiles`; none by default. */
  readonly webFiles?: WebFiles | undefined;
  /** The metrics of `/metrics`; a new object by default. */
  readonly metrics?: Metrics | undefined;
  /** How long a connection may be silent before it is closed; about two minutes by default. */
  readonly silence?: FlightSilenceLimits | undefined;
  /** Limits on what clients may use; those that are omitted have the defaults of docs/limits.md. */
  readonly limits?: Partial<ServerLimits> | undefined;
  /** Gets a line for each call, and errors of the server; no log by default. */
  readonly logger?: Logger | undefined;
  /** Gets a line for each change of a dataset and for each refused attempt; `logger` by default. */
  readonly auditLogger?: Logger | undefined;
}

/** A Flight server. */
export interface FlightServer {
  /**
   * Listens on one port for gRPC, gRPC-Web, Connect and HTTP.
   *
   * @param options - `host` is 127.0.0.1 by default; `port` 0 selects a free port
   * @returns the address of the port
   */
  listen(options: { host?: string; port: number }): Promise<AddressInfo>;
  /**
   * Changes the certificate. New connections get the new one; open connections keep theirs.
   *
   * @throws FlightError FAILED_PRECONDITION if the server was created without TLS; Node's error if certificate and key
   * do not match
   */
  setTls(tls: TlsOptions): void;
  /**
   * Stops the server. Health turns to NOT_SERVING and `/readyz` to 503. After `drainDelayMs` (0 by default), during
   * which load balancers notice, the server accepts no more calls. Running calls may go on for `drainTimeoutMs` (30 s
   * by default). Later calls wait for the first.
   */
  close(options?: { drainDelayMs?: number; drainTimeoutMs?: number }): Promise<void>;
}

/** Creates a server for a producer. Call `listen` to start it. */
export function createFlightServer(options: FlightServerOptions): FlightServer {
  const { metrics = new Metrics(), logger = silentLogger, authenticate = () => anonymous } = options;
  const observer = new CallObserver({ logger, audit: options.auditLogger, metrics });
  const limiter = new Limiter(options.limits, metrics);
  const translator = createErrorTranslator(logger);
  const gatekeeper = new Gatekeeper(options.authorize);
  const { files, ...served } = guardAll(options, gatekeeper);
  const { corsOrigins = [] } = options;
  const assertOwnPage = createOwnPageCheck(corsOrigins);
  const admit = createAdmission(authenticate, gatekeeper, createForgeryCheck(corsOrigins, assertOwnPage));
  const router = createRouter({ ...options, ...served, files, admit, limiter, observer, translator });
  const { health } = router;
  const refusals = new RefusalLog(logger, limiter.onLimit);
  const shared = {
    calls: new CallsAtWork(limiter),
    allowedHosts: new Set((options.allowedHosts ?? []).map(normalizeHost)),
    trustedProxies: new TrustedProxies(options.trustedProxies ?? []),
    basePath: parseBasePath(options.basePath ?? "/"),
    limiter,
    logger,
  };
  const handler = createRequestHandler({
    ...shared,
    handlers: router.handlers,
    files: files && createFilesEndpoint({ files, catalog: served.catalog, admit, limiter, translator, observer }),
    metrics: createMetricsEndpoint({ metrics, admit, translator }),
    signIn: createSignInEndpoint({
      signIn: options.signIn,
      ...(options.baseUrl !== undefined && { baseUrl: new URL(`${shared.basePath}/`, options.baseUrl) }),
      admit,
      assertOwnPage,
      translator,
      observer,
    }),
    isReady: (signal) => health.isServing(signal),
    cors: createCorsGate(corsOrigins),
    webFiles: options.webFiles ?? new Map(),
    refusals,
  });
  const onStream = createNativeStreams({ ...shared, find: router.find, answer: router.answerNative });
  const listener = new Listener(handler, { ...options, onStream, limiter, refusals });
  let closed: Promise<void> | undefined;
  return {
    setTls: (tls) => listener.setTls(tls),
    listen: async ({ host = "127.0.0.1", port }) => await listener.listen({ host, port }),
    close: async (stop) => {
      health.stop();
      closed ??= sleep(stop?.drainDelayMs ?? 0).then(() => listener.drain(stop?.drainTimeoutMs ?? drainTimeoutMs));
      await closed;
      limiter.close();
    },
  };
}

/** Wraps the producer, the catalog and the files so that they check the caller's rights. */
function guardAll(
  { producer, catalog, files, handshake }: FlightServerOptions,
  gatekeeper: Gatekeeper,
): Pick<FlightServerOptions, "producer" | "catalog" | "files"> {
  return {
    producer: guardProducer(producer, { gatekeeper, handshake }),
    catalog: catalog && guardCatalog(catalog, gatekeeper),
    files: files && guardFiles(files, gatekeeper),
  };
}
