import type { EventEmitter } from "node:events";
import type { Server as HttpServer, ServerResponse } from "node:http";
import {
  createSecureServer,
  createServer as createHttp2Server,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type SecureServerOptions,
  type ServerOptions,
} from "node:http2";
import { createServer as createNetServer, type AddressInfo, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createSecureContext, Server as TlsServer } from "node:tls";
import { connectionWindowBytes, FlightError, frameBytesMax, streamWindowBytes } from "../../flight/index.ts";
import type { Limiter } from "../limits/limiter.ts";
import type { LimitName } from "../limits/limit-counter.ts";
import type { ServerLimits } from "../limits/server-limits.ts";
import { endSession, limitControlFrames } from "./control-frames.ts";
import type { StreamHandler } from "./native-streams.ts";
import { createServer as createHttpServer } from "./node-http.ts";
import { Pipelines } from "./pipelines.ts";
import { refuseByWords } from "./refuse-http1.ts";
import type { RefusalLog } from "./refusal-log.ts";
import { countResets } from "./count-resets.ts";
import { receivedHeaderBytesMax } from "./limits.ts";
import { sniff } from "./sniff.ts";
import { SpreadWork } from "./spread-work.ts";
import { SilenceWatch, type SilenceLimits } from "./silence.ts";
import type { NodeRequest, NodeResponse } from "./node-messages.ts";

/** The certificate and key of a server. */
export interface TlsOptions {
  /** The certificate chain, in PEM. */
  readonly cert: string | Buffer;
  /** The private key, in PEM. */
  readonly key: string | Buffer;
  /**
   * The certificate authorities of clients, in PEM. If they are given, the server asks clients for a certificate, and
   * `authenticate` gets it. A client may connect without one.
   */
  readonly clientCa?: string | Buffer | undefined;
}

/** Options of a listener. */
export interface ListenerOptions {
  readonly tls?: TlsOptions | undefined;
  readonly silence?: SilenceLimits | undefined;
  /** Takes streams before they become requests; none by default. */
  readonly onStream?: StreamHandler | undefined;
  readonly limiter: Limiter;
  /** Logs what Node refuses before there is a request. */
  readonly refusals: RefusalLog;
}

/** How often Node looks for HTTP/1.1 requests with an overdue header, in milliseconds; Node's default is 30 s. */
const headerCheckMs = 5_000;

/**
 * The memory limit of a session in megabytes: so large that Node never reaches it. Node's count includes the unsent
 * data of reset streams, and above the default of 10 MB Node refuses all streams. A few dozen cancelled gets would
 * reach it. The limits on windows, streams, running calls and resets bound the memory of calls instead, but not every
 * byte in Node.
 */
const sessionMemoryMegabytesMax = 2 ** 32 - 1;

function toHttp2Options({ resetBurst, resetsPerSecond, streamsPerConnection }: ServerLimits): ServerOptions {
  return {
    maxSessionMemory: sessionMemoryMegabytesMax,
    // The server refuses streams above the limit. A client that resets and opens many streams at once may exceed it
    // before the server has removed the old ones. By default, 100 refusals end the connection.
    maxSessionRejectedStreams: resetBurst,
    streamResetBurst: resetBurst,
    streamResetRate: resetsPerSecond,
    // The size is limited instead; it includes 32 bytes for each field.
    maxHeaderListPairs: receivedHeaderBytesMax / 32,
    settings: {
      maxConcurrentStreams: streamsPerConnection,
      initialWindowSize: streamWindowBytes,
      maxFrameSize: frameBytesMax,
      maxHeaderListSize: receivedHeaderBytesMax,
    },
  };
}

const tooManyConnections = "The server has too many connections, and all of them have running calls. Try again later.";

/** Session errors which mean that the client violated HTTP/2 or one of its limits. */
const refusedByHttp2 = new Set(["ERR_HTTP2_ERROR", "ERR_HTTP2_TOO_MANY_INVALID_FRAMES"]);

/** Errors of nghttp2. Source: nghttp2.h. */
const nghttp2Errors = { protocol: -505, flooded: -904, tooManyContinuations: -905 } as const;

/** The limits of nghttp2, by the error that it reports. */
const floods: ReadonlyMap<number | undefined, LimitName> = new Map<number | undefined, LimitName>([
  [nghttp2Errors.flooded, "unread-acknowledgements"],
  [nghttp2Errors.tooManyContinuations, "continuation-frames"],
]);

/** The request handler refuses a request without a Host header, with a message. */
const http1Options = { maxHeaderSize: receivedHeaderBytesMax, requireHostHeader: false };

/**
 * One port for HTTP/1.1 and HTTP/2. Plaintext connections are distinguished by their first bytes, TLS connections by
 * ALPN.
 */
export class Listener {
  readonly #http1: HttpServer;
  readonly #server: Server;
  readonly #sessions = new Set<Http2Session>();
  readonly #sockets = new Set<Socket>();

  readonly #silence: SilenceWatch;
  readonly #pipelines: Pipelines;
  readonly #refusals: RefusalLog;
  readonly #limiter: Limiter;

  constructor(onRequest: (req: NodeRequest, res: NodeResponse) => void, options: ListenerOptions) {
    const { tls, limiter, refusals, onStream } = options;
    const { limits } = limiter;
    const http2Options = toHttp2Options(limits);
    this.#limiter = limiter;
    this.#refusals = refusals;
    const { onLimit } = limiter;
    this.#silence = new SilenceWatch(options.silence, () => onLimit("silence"));
    this.#pipelines = new Pipelines(() => onLimit("pipelined-requests"));
    const handler = (req: NodeRequest, res: NodeResponse): void => {
      if ("stream" in req) return onRequest(req, res);
      this.#silence.setExchange(req, res as ServerResponse);
      this.#pipelines.take(req.socket, res, () => onRequest(req, res));
    };
    const onSession = (session: ServerHttp2Session): void => this.#adopt(session);
    if (tls) {
      const secureOptions = { ...http2Options, ...http1Options, ...toSecureOptions(tls), allowHTTP1: true };
      const secure = createSecureServer(secureOptions, handler).on("session", onSession);
      offerStreams(secure, onStream);
      handleOthers(secure, handler);
      this.#http1 = boundHttp1(secure as unknown as HttpServer, limiter);
      this.#server = secure;
    } else {
      const http2 = createHttp2Server(http2Options, handler).on("session", onSession);
      offerStreams(http2, onStream);
      const options = { ...http1Options, connectionsCheckingInterval: headerCheckMs };
      const http1 = boundHttp1(createHttpServer(options, handler), limiter);
      for (const server of [http1, http2]) handleOthers(server, handler);
      // This server never listens itself, but Node starts its checks of header times on this event.
      http1.emit("listening");
      this.#http1 = http1;
      const sniffOptions = {
        headerTimeoutMs: 1000 * limits.headerSeconds,
        onTimeout: () => onLimit("headerSeconds"),
        starts: new SpreadWork(),
      };
      this.#server = createNetServer((socket) => sniff(socket, sniffOptions, (isHttp2) => (isHttp2 ? http2 : http1)));
    }
    refuseByWords(this.#http1, refusals);
    this.#server.on("connection", (socket: Socket) => this.#track(socket));
  }

  /** Starts to listen. Resolves with the address, including the selected port. */
  async listen(options: { host: string; port: number }): Promise<AddressInfo> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once("error", reject);
    this.#server.listen(options, resolve);
    await promise;
    this.#server.off("error", reject);
    return this.#server.address() as AddressInfo;
  }

  /**
   * Changes the certificate for new connections.
   *
   * @throws FlightError FAILED_PRECONDITION without TLS; Error if certificate and key do not match. Then nothing
   * changes.
   */
  setTls(tls: TlsOptions): void {
    if (!(this.#server instanceof TlsServer)) {
      throw new FlightError("failed_precondition", "the server speaks no TLS, and would need a restart to");
    }
    // Without this check, a wrong certificate would leave the server without any.
    createSecureContext(toSecureOptions(tls));
    this.#server.setSecureContext(toSecureOptions(tls));
  }

  /** Refuses new connections and calls. Resolves when the last call has ended, or after the time limit. */
  async drain(timeoutMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => void this.#server.close(() => resolve()));
    for (const session of this.#sessions) session.close();
    // Node closes the connections that are idle now, but not those that become idle later. A keep-alive client would
    // delay the drain.
    const sweep = setInterval(() => this.#http1.closeIdleConnections(), 100);
    const timer = new AbortController();
    await Promise.race([closed, sleep(timeoutMs, undefined, { signal: timer.signal }).catch(() => {})]);
    timer.abort();
    clearInterval(sweep);
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    this.#silence.close();
  }

  #adopt(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    this.#silence.setSession(session);
    this.#limiter.connections.setSession(session);
    session.once("close", () => this.#sessions.delete(session));
    session.setLocalWindowSize(connectionWindowBytes);
    const { limits, onLimit } = this.#limiter;
    const greeting = setTimeout(() => {
      onLimit("headerSeconds");
      session.destroy();
    }, 1000 * limits.headerSeconds);
    session.once("remoteSettings", () => clearTimeout(greeting));
    session.once("close", () => clearTimeout(greeting));
    const peer = session.socket.remoteAddress;
    limitControlFrames(session, limits, (limit) => {
      this.#refusals.reportConnection("The client sends too many pings or settings.", peer, limit);
      endSession(session);
    });
    const hasResetTooMuch = countResets(session, limits.resetBurst);
    // A session's error ends its streams, and each stream ends its call. The log gets errors that nghttp2 reports.
    session.on("error", ({ code, errno, message }: NodeJS.ErrnoException) => {
      if (code === undefined || !refusedByHttp2.has(code)) return;
      const isReset = errno === nghttp2Errors.protocol && hasResetTooMuch();
      if (isReset) onLimit("resetBurst");
      const limit = isReset ? "resetsPerSecond" : floods.get(errno);
      this.#refusals.reportConnection(message, peer, limit);
    });
  }

  #track(socket: Socket): void {
    if (!this.#limiter.connections.add(socket)) {
      return this.#refusals.reportConnection(tooManyConnections, socket.remoteAddress);
    }
    this.#sockets.add(socket);
    this.#silence.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setNoDelay(true);
  }
}

/** Offers each stream to a handler before Node's own listener makes a request of it, which costs more than a call. */
function offerStreams(server: EventEmitter, onStream: StreamHandler | undefined): void {
  const others = server.listeners("stream") as ((...args: unknown[]) => void)[];
  if (onStream === undefined) return;
  server.removeAllListeners("stream").on("stream", (stream: ServerHttp2Stream, headers, flags, rawHeaders) => {
    if (onStream(stream, headers as IncomingHttpHeaders, rawHeaders as string[])) return;
    for (const other of others) other.call(server, stream, headers, flags, rawHeaders);
  });
}

/**
 * Handles requests that Node would refuse without a message: an unknown Expect header, which may be ignored (RFC 9110,
 * section 10.1.1), and CONNECT over HTTP/2. `refuseByWords` handles CONNECT over HTTP/1.1.
 */
function handleOthers(server: EventEmitter, handler: (req: NodeRequest, res: NodeResponse) => void): void {
  server.on("checkExpectation", handler);
  server.on("connect", (req: NodeRequest, res: NodeResponse) => "stream" in req && handler(req, res));
}

/** An untrusted certificate does not close the connection. Instead, each call fails with a message. */
function toSecureOptions({ cert, key, clientCa }: TlsOptions): SecureServerOptions {
  if (clientCa === undefined) return { cert, key };
  return { cert, key, ca: clientCa, requestCert: true, rejectUnauthorized: false };
}

/**
 * Limits the time for a request's header and the time without data, but not the whole request: an upload may take
 * hours.
 */
function boundHttp1<T extends HttpServer>(server: T, { limits, onLimit }: Limiter): T {
  const { headerSeconds, idleSeconds } = limits;
  server.requestTimeout = 0;
  server.headersTimeout = 1000 * headerSeconds;
  server.keepAliveTimeout = 1000 * idleSeconds;
  // The size is limited instead. Above a count, Node would silently drop fields.
  server.maxHeadersCount = 0;
  // Only idle connections have a timeout.
  server.on("timeout", (socket) => {
    onLimit("idleSeconds");
    socket.destroy();
  });
  return server;
}
