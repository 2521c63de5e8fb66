import { createServer as createHttpServer, type Server as HttpServer, type ServerResponse } from "node:http";
import {
  createSecureServer,
  createServer as createHttp2Server,
  type Http2Session,
  type ServerHttp2Session,
  type SecureServerOptions,
  type ServerOptions,
} from "node:http2";
import { createServer as createNetServer, type AddressInfo, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import {
  connectionsMax,
  connectionWindowBytes,
  headerTimeoutMs,
  keepAliveTimeoutMs,
  requestHeaderBytesMax,
  resetBurstMax,
  resetsPerSecondMax,
  streamsPerConnectionMax,
  streamWindowBytes,
} from "../../flight/index.ts";
import { Pipelines } from "./pipelines.ts";
import { SilenceWatch, type SilenceLimits } from "./silence.ts";
import type { NodeRequest, NodeResponse } from "./node-messages.ts";

/** The certificate and key of a server. */
export interface TlsOptions {
  /** The certificate chain, in PEM. */
  readonly cert: string | Buffer;
  /** The private key, in PEM. */
  readonly key: string | Buffer;
}

/** How a listener works. */
export interface ListenerOptions {
  readonly tls?: TlsOptions | undefined;
  readonly silence?: SilenceLimits | undefined;
}

/** How often Node looks for HTTP/1.1 requests whose header is overdue, in milliseconds; by itself every 30 s. */
const headerCheckMs = 5_000;

/** What a connection speaks: a client's preface begins with PRI, which no HTTP/1.1 method does. */
const prefaceStart = Buffer.from("PRI");

/** Headers up to here are read so that they can be refused by name; past it, nghttp2 resets the stream, or the connection. */
const headerListBytesMax = 4 * requestHeaderBytesMax;

/**
 * Node's count of a session's memory keeps what a reset stream had yet to send, and at 10 MB (by default) Node refuses all
 * streams: a few dozen gets that are left early. So the bound is, in megabytes, one that the count does not reach. The
 * limits on windows, streams, calls at work and resets apply instead; they bound what calls hold, not every byte in Node.
 */
const sessionMemoryMegabytesMax = 2 ** 32 - 1;

const http2Options: ServerOptions = {
  maxSessionMemory: sessionMemoryMegabytesMax,
  // A stream beyond those allowed is refused. Clients that reset and open many at once meet that before the server has
  // taken the old ones away; by default the hundredth refusal in its life ends the connection.
  maxSessionRejectedStreams: resetBurstMax,
  streamResetBurst: resetBurstMax,
  streamResetRate: resetsPerSecondMax,
  settings: {
    maxConcurrentStreams: streamsPerConnectionMax,
    initialWindowSize: streamWindowBytes,
    maxHeaderListSize: headerListBytesMax,
  },
};

/** One port that speaks HTTP/1.1 and HTTP/2: by the first bytes where it is plaintext, by ALPN under TLS. */
export class Listener {
  readonly #http1: HttpServer;
  readonly #server: Server;
  readonly #sessions = new Set<Http2Session>();
  readonly #sockets = new Set<Socket>();

  readonly #silence: SilenceWatch;
  readonly #pipelines = new Pipelines();

  constructor(onRequest: (req: NodeRequest, res: NodeResponse) => void, options: ListenerOptions) {
    const { tls } = options;
    this.#silence = new SilenceWatch(options.silence);
    const handler = (req: NodeRequest, res: NodeResponse): void => {
      if ("stream" in req) return onRequest(req, res);
      this.#silence.setExchange(req, res as ServerResponse);
      this.#pipelines.take(req.socket, res, () => onRequest(req, res));
    };
    const onSession = (session: ServerHttp2Session): void => this.#adopt(session);
    if (tls) {
      const secureOptions: SecureServerOptions = { ...http2Options, ...tls, allowHTTP1: true };
      const secure = createSecureServer(secureOptions, handler).on("session", onSession);
      this.#http1 = boundHttp1(secure as unknown as HttpServer);
      this.#server = secure;
    } else {
      const http2 = createHttp2Server(http2Options, handler).on("session", onSession);
      const http1 = boundHttp1(createHttpServer({ connectionsCheckingInterval: headerCheckMs }, handler));
      // It never listens itself, and Node starts to watch header times when a server does.
      http1.emit("listening");
      this.#http1 = http1;
      this.#server = createNetServer((socket) => sniff(socket, (isHttp2) => (isHttp2 ? http2 : http1)));
    }
    this.#server.maxConnections = connectionsMax;
    this.#server.on("connection", (socket: Socket) => this.#track(socket));
  }

  /** Starts to listen; resolves with the address, where port 0 has become a real one. */
  async listen(options: { host: string; port: number }): Promise<AddressInfo> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#server.once("error", reject);
    this.#server.listen(options, resolve);
    await promise;
    this.#server.off("error", reject);
    return this.#server.address() as AddressInfo;
  }

  /** Takes no new connections and calls; resolves when the last call has ended, or the time is over. */
  async drain(timeoutMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => void this.#server.close(() => resolve()));
    for (const session of this.#sessions) session.close();
    // Node closes a connection that is idle now, not one that becomes so; a keep-alive client would hold the drain up.
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
    session.once("close", () => this.#sessions.delete(session));
    session.setLocalWindowSize(connectionWindowBytes);
    const greeting = setTimeout(() => session.destroy(), headerTimeoutMs);
    session.once("remoteSettings", () => clearTimeout(greeting));
    session.once("close", () => clearTimeout(greeting));
    // A session's error ends its streams, and each of them ends its call; nobody else needs to hear of it.
    session.on("error", () => {});
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    this.#silence.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setNoDelay(true);
  }
}

/** An upload may take hours: what bounds it is that its header comes in time, and that it goes on. */
function boundHttp1<T extends HttpServer>(server: T): T {
  server.requestTimeout = 0;
  server.headersTimeout = headerTimeoutMs;
  server.keepAliveTimeout = keepAliveTimeoutMs;
  return server;
}

/** Waits for a connection's first bytes and hands it to the server of its protocol. */
function sniff(
  socket: Socket,
  serverFor: (isHttp2: boolean) => { emit(event: "connection", socket: Socket): boolean },
) {
  let head = Buffer.alloc(0);
  const timeout = setTimeout(() => socket.destroy(), headerTimeoutMs);
  socket.once("close", () => clearTimeout(timeout));
  const onData = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const isPossible = prefaceStart.subarray(0, head.length).equals(head.subarray(0, prefaceStart.length));
    if (isPossible && head.length < prefaceStart.length) return;
    clearTimeout(timeout);
    socket.off("data", onData);
    socket.pause();
    socket.unshift(head);
    serverFor(isPossible).emit("connection", socket);
    // An HTTP/2 session takes what is in the socket's buffer by itself; flowing would lose it.
    if (!isPossible) socket.resume();
  };
  socket.on("data", onData);
}
