import type { ClientHttp2Session, ClientHttp2Stream, SecureClientSessionOptions } from "node:http2";
import type { UniversalClientFn } from "@connectrpc/connect/protocol";
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
  const openStream: Http2SessionManager["request"] = async (method, path, headers, streamOptions) => {
    const cut = new AbortController();
    const cuttable = { ...streamOptions, signal: cut.signal };
    const stream = await sessions.request(method, path, headers, cuttable);
    const session = stream.session as ClientHttp2Session | undefined;
    if (session && !known.has(session)) {
      known.add(session);
      onSession(session);
    }
    return resetWhenCut(stream, cut);
  };
  const manager = {
    authority: sessions.authority,
    request: openStream,
    notifyResponseByteRead: (stream: ClientHttp2Stream) => sessions.notifyResponseByteRead(stream),
  };
  return {
    request: createNodeHttpClient({ httpVersion: "2", sessionProvider: () => manager }),
    close: () => sessions.abort(),
  };
}

/**
 * Makes `close` reset a stream whose request has not ended. Node's own ends the request in good order before it resets
 * the stream, and a server may take an upload that was cut for a whole one; the signal of a stream only resets it.
 */
function resetWhenCut(stream: ClientHttp2Stream, cut: AbortController): ClientHttp2Stream {
  const close = stream.close.bind(stream);
  stream.close = (code, callback) => {
    if (stream.writableEnded) return close(code, callback);
    if (callback) stream.once("close", callback);
    cut.abort();
  };
  return stream;
}
