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
import { connectionWindowBytes, streamWindowBytes } from "../flight/index.ts";

/** How a server's certificate is judged, and what the client shows of itself; as for `tls.connect`. */
export type ClientTlsOptions = Pick<
  SecureClientSessionOptions,
  "ca" | "cert" | "key" | "passphrase" | "servername" | "rejectUnauthorized" | "checkServerIdentity"
>;

/** An HTTP client with HTTP/2 connections to one server, opened when they are needed. */
export interface Http2Client {
  /** Carries calls that send little. */
  readonly oneWay: UniversalClientFn;
  /** Carries calls that may send as much as they receive. */
  readonly twoWay: UniversalClientFn;
  /** Ends the connections, and the calls on them. A request after that opens another. */
  close(): void;
}

/**
 * Makes an HTTP/2 client of one server; idle connections keep no process alive.
 *
 * Node reads nothing from an HTTP/2 connection while a write to it is under way. With Node on both sides, and windows
 * that hold more than the sockets between them, each would wait for the other to read: so what is uploaded has a
 * connection of its own, on which the server may not send more than what any socket takes.
 */
export function createHttp2Client(url: URL, tls: ClientTlsOptions = {}): Http2Client {
  const download = openConnection(url, { ...tls, settings: { initialWindowSize: streamWindowBytes } }, (session) =>
    session.setLocalWindowSize(connectionWindowBytes),
  );
  const upload = openConnection(url, tls, () => {});
  return {
    oneWay: download.request,
    twoWay: upload.request,
    close: () => {
      download.close();
      upload.close();
    },
  };
}

interface Connection {
  readonly request: UniversalClientFn;
  readonly close: () => void;
}

/** @param onSession - prepares each session, before the answer to its first request is read */
function openConnection(
  url: URL,
  options: SecureClientSessionOptions,
  onSession: (session: ClientHttp2Session) => void,
): Connection {
  const sessions = new Http2SessionManager(url.href, {}, options);
  const known = new WeakSet<ClientHttp2Session>();
  const openStream = async (...request: Parameters<Http2SessionManager["request"]>): Promise<ClientHttp2Stream> => {
    const stream = await sessions.request(...request);
    const session = stream.session as ClientHttp2Session | undefined;
    if (session && !known.has(session)) {
      known.add(session);
      onSession(session);
    }
    return stream;
  };
  return {
    request: (request) => sendRequest(request, sessions, openStream),
    close: () => sessions.abort(),
  };
}

/**
 * Sends a request that is reset when it is cut. Left to itself, Node ends a request in good order before it resets it,
 * and a server may take an upload that was cut for a whole one; aborting the signal of a stream only resets it.
 *
 * @throws ConnectError UNAVAILABLE, also while the response is read, where the connection is lost
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
  const lost = (reason?: unknown): ConnectError =>
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
      stream = await openStream(method, path, headers, cuttable);
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
    throw explain(reason);
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
