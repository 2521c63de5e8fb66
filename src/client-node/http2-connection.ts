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
  /** What the server may send on one stream before it is read, in bytes; HTTP/2's own 65,535 by default. */
  readonly streamWindowBytes?: number | undefined;
  /** How long the server may be silent while calls are under way before it must answer a ping, in milliseconds; for ever by default. */
  readonly pingIntervalMs?: number | undefined;
}

/** An HTTP/2 connection to one server, opened when it is needed, and anew when it is gone. */
export interface Http2Connection {
  /** @throws ConnectError UNAVAILABLE, also while the response is read, where the connection is lost; StreamRefused */
  readonly request: UniversalClientFn;
  /**
   * Opens the connection, if it is not open.
   *
   * @throws ConnectError that has as its cause what Node says
   */
  connect(): Promise<void>;
  /** Whether a request can be sent at once. */
  isOpen(): boolean;
  /** How many more requests it has room for at this moment; more of them would wait in it. */
  room(): number;
  /** Ends the connection, and the calls on it. A request after that opens another. */
  close(): void;
}

/** The server has not looked at a request, as it shuts down or has too many: it may be sent again whatever it is. */
export class StreamRefused extends FlightError {
  constructor() {
    super("unavailable", "the server refused the request before looking at it");
  }
}

/** Requests on one connection at once: as many as any server takes. Source: RFC 9113, SETTINGS_MAX_CONCURRENT_STREAMS. */
const streamsMax = 100;

/** Makes an HTTP/2 connection to a server. Nothing is sent yet; idle, it keeps no process alive. */
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
 * Sends a request that is reset when it is cut. Left to itself, Node ends a request in good order before it resets it,
 * and a server may take an upload that was cut for a whole one; aborting the signal of a stream only resets it.
 *
 * @throws ConnectError UNAVAILABLE, also while the response is read, where the connection is lost; StreamRefused
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
    throw stream?.rstCode === constants.NGHTTP2_REFUSED_STREAM ? new StreamRefused() : explain(reason);
  }
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
