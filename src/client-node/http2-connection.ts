import { once } from "node:events";
import {
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type SecureClientSessionOptions,
} from "node:http2";
import { Code, ConnectError } from "@connectrpc/connect";
import type { UniversalClientFn, UniversalClientRequest, UniversalClientResponse } from "@connectrpc/connect/protocol";
import { createNodeHttpClient, Http2SessionManager } from "@connectrpc/connect-node";
import { connectionWindowBytes, FlightError } from "../flight/index.ts";

/** TLS options: how to verify the server's certificate, and the client's own certificate. See `tls.connect` of Node. */
export type ClientTlsOptions = Pick<
  SecureClientSessionOptions,
  "ca" | "cert" | "key" | "passphrase" | "servername" | "rejectUnauthorized" | "checkServerIdentity"
>;

/** How a connection is kept. */
export interface ConnectionOptions {
  readonly tls?: ClientTlsOptions | undefined;
  /**
   * The flow-control window of a stream in bytes: the data that the server may send before it is read; 65,535 (the
   * default of HTTP/2) by default.
   */
  readonly streamWindowBytes?: number | undefined;
  /** How long the server may be silent while calls are under way before it must answer a ping, in milliseconds; for ever by default. */
  readonly pingIntervalMs?: number | undefined;
}

/** An HTTP/2 connection to one server. It is opened on demand, and again after it was lost. */
export interface Http2Connection {
  /**
   * Sends a request.
   *
   * @throws ConnectError UNAVAILABLE if the connection is lost, also while the response is read; StreamRefused
   */
  readonly request: UniversalClientFn;
  /**
   * Opens the connection, if it is not open.
   *
   * @throws ConnectError whose cause is Node's error
   */
  connect(): Promise<void>;
  /** Whether a request can be sent without waiting. */
  isOpen(): boolean;
  /** How many more requests it has room for at this moment; more of them would wait in it. */
  room(): number;
  /** Ends the connection, and the calls on it. A request after that opens another. */
  close(): void;
}

/**
 * The server refused a request before it processed the request, because it is shutting down or has too many. Any
 * request may be sent again.
 */
export class StreamRefused extends FlightError {
  constructor() {
    super("unavailable", "the server refused the request before looking at it");
  }
}

/**
 * The maximum number of concurrent requests on one connection. Every server accepts that many. Source: RFC 9113,
 * SETTINGS_MAX_CONCURRENT_STREAMS.
 */
const streamsMax = 100;

/**
 * Creates an HTTP/2 connection to a server. The first request connects. An idle connection does not keep the process
 * alive.
 */
export function openHttp2Connection(url: URL, options: ConnectionOptions = {}): Http2Connection {
  const { tls, streamWindowBytes, pingIntervalMs } = options;
  const pings = pingIntervalMs === undefined ? {} : { pingIntervalMs };
  const settings = streamWindowBytes === undefined ? {} : { settings: { initialWindowSize: streamWindowBytes } };
  const sessions = new Http2SessionManager(url.href, pings, { ...tls, ...settings });
  let current: ClientHttp2Session | undefined;
  let openCount = 0;
  const openStream = async (...request: Parameters<Http2SessionManager["request"]>): Promise<ClientHttp2Stream> => {
    const stream = await sessions.request(...request);
    const session = stream.session as ClientHttp2Session | undefined;
    if (session && session !== current) {
      current = session;
      // The manager does not listen any more to a session that it has found closed, before that has said why.
      session.on("error", () => {});
      // Before the answer to the session's first request is read.
      if (streamWindowBytes !== undefined) session.setLocalWindowSize(connectionWindowBytes);
    }
    return stream;
  };
  return {
    async request(request) {
      openCount += 1;
      let stream: ClientHttp2Stream | undefined;
      const counted = async (...args: Parameters<typeof openStream>): Promise<ClientHttp2Stream> => {
        stream = await openStream(...args);
        return stream.once("close", () => (openCount -= 1));
      };
      try {
        return await sendRequest(request, sessions, counted);
      } finally {
        if (stream === undefined) openCount -= 1;
      }
    },
    async connect() {
      if ((await sessions.connect()) === "error") throw sessions.error();
    },
    isOpen: () => sessions.state() === "open" || sessions.state() === "idle",
    room: () => Math.min(streamsMax, current?.remoteSettings?.maxConcurrentStreams ?? streamsMax) - openCount,
    close: () => sessions.abort(),
  };
}

/**
 * Sends a request, and resets it if its body throws. By default, Node ends a request normally before it resets the
 * stream, so a server may take an interrupted upload for a complete one. Aborting the signal of a stream only resets
 * it.
 *
 * @throws ConnectError UNAVAILABLE if the connection is lost, also while the response is read; StreamRefused
 */
async function sendRequest(
  request: UniversalClientRequest,
  sessions: Http2SessionManager,
  openStream: Http2SessionManager["request"],
): Promise<UniversalClientResponse> {
  const cut = new AbortController();
  const cancelled = new AbortController();
  const cancel = (): void => {
    cut.abort();
    cancelled.abort(request.signal?.reason);
  };
  if (request.signal?.aborted) cancel();
  request.signal?.addEventListener("abort", cancel, { once: true });
  const lost = (reason: unknown = new Error("the stream was closed")): ConnectError =>
    new ConnectError(
      `the connection to ${sessions.authority} was lost`,
      Code.Unavailable,
      undefined,
      undefined,
      reason,
    );
  let stream: ClientHttp2Stream | undefined;
  let session: ClientHttp2Session | undefined;
  const manager = {
    authority: sessions.authority,
    request: async (...[method, path, headers, options]: Parameters<typeof openStream>) => {
      const cuttable = { ...options, signal: cut.signal };
      // Left to itself, Node names an IPv6 host without its brackets, which is no authority.
      const named = { ":authority": new URL(request.url).host, ...headers };
      stream = await openStream(method, path, named, cuttable);
      session = stream.session as ClientHttp2Session | undefined;
      const opened = stream;
      // A stream whose connection is gone may close without an error, and nobody would be told.
      opened.once("close", () => opened.readableEnded || cancelled.abort(lost()));
      return opened;
    },
    notifyResponseByteRead: (each: ClientHttp2Stream) => sessions.notifyResponseByteRead(each),
  };
  const client = createNodeHttpClient({ httpVersion: "2", sessionProvider: () => manager });
  const body = request.body && cutWith(request.body, cut);
  // What Node says of a connection that is gone depends on what it was doing at that moment.
  const explain = (reason: unknown): unknown =>
    session?.destroyed && !request.signal?.aborted ? lost(reason) : reason;
  try {
    const response = await client({ ...request, ...(body && { body }), signal: cancelled.signal });
    return { ...response, body: readWhole(response.body, stream, explain) };
  } catch (reason) {
    if (stream?.rstCode === constants.NGHTTP2_REFUSED_STREAM) throw new StreamRefused();
    throw isTlsRefused(reason) ? noTls(sessions.authority, reason) : explain(reason);
  }
}

/** Whether OpenSSL has read something else than TLS. */
function isTlsRefused(reason: unknown): boolean {
  const codes = ["ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_PACKET_LENGTH_TOO_LONG"];
  for (let error = reason; error instanceof Error; error = error.cause) {
    if ("code" in error && codes.includes(String(error.code))) return true;
  }
  return false;
}

function noTls(authority: string, reason: unknown): ConnectError {
  const message = `${authority} does not answer with TLS; its address may start with http:// or grpc://`;
  return new ConnectError(message, Code.Unavailable, undefined, undefined, reason);
}

async function* cutWith(body: AsyncIterable<Uint8Array>, cut: AbortController): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (reason) {
    cut.abort();
    throw reason;
  }
}

/** Node ends the response of a stream that was reset, or whose connection is gone, as if it were whole. */
async function* readWhole(
  body: AsyncIterable<Uint8Array>,
  stream: ClientHttp2Stream | undefined,
  explain: (reason: unknown) => unknown,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
    // Both directions have ended, so that the stream closes, and tells how.
    if (stream?.writableEnded && !stream.destroyed) await once(stream, "close").catch(() => {});
    const resetCode = stream?.rstCode ?? constants.NGHTTP2_NO_ERROR;
    if (resetCode !== constants.NGHTTP2_NO_ERROR) {
      throw new ConnectError(`the server reset the stream with code ${resetCode}`, Code.Unavailable);
    }
  } catch (reason) {
    throw explain(reason);
  }
}
