import type { ClientHttp2Session, ClientHttp2Stream, SecureClientSessionOptions } from "node:http2";
import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import { createNodeHttpClient, Http2SessionManager } from "@connectrpc/connect-node";
import { connectionWindowBytes, streamWindowBytes } from "../flight/index.ts";

/** How a server's certificate is judged, and what the client shows of itself; as for `tls.connect`. */
export type ClientTlsOptions = Pick<
  SecureClientSessionOptions,
  "ca" | "cert" | "key" | "passphrase" | "servername" | "rejectUnauthorized" | "checkServerIdentity"
>;

/** An HTTP client with one HTTP/2 connection to one server, opened when it is needed. */
export interface Http2Client {
  readonly request: UniversalClientFn;
  /** Ends the connection, and the calls on it. A request after that opens another. */
  close(): void;
}

/** Makes an HTTP/2 client of one server; an idle connection keeps no process alive. */
export function createHttp2Client(url: URL, tls: ClientTlsOptions = {}): Http2Client {
  const options: SecureClientSessionOptions = { ...tls, settings: { initialWindowSize: streamWindowBytes } };
  const sessions = new Http2SessionManager(url.href, {}, options);
  const widened = new WeakSet<ClientHttp2Session>();
  const openStream: Http2SessionManager["request"] = async (method, path, headers, streamOptions) => {
    const cut = new AbortController();
    const cuttable = { ...streamOptions, signal: cut.signal };
    const stream = await sessions.request(method, path, headers, cuttable);
    const session = stream.session as ClientHttp2Session | undefined;
    if (session && !widened.has(session)) {
      widened.add(session);
      session.setLocalWindowSize(connectionWindowBytes);
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
