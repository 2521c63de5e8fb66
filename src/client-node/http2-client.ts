import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import { streamWindowBytes } from "../flight/index.ts";
import { openHttp2Connection, type ClientTlsOptions } from "./http2-connection.ts";

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
  const download = openHttp2Connection(url, { tls, streamWindowBytes });
  const upload = openHttp2Connection(url, { tls });
  return {
    oneWay: download.request,
    twoWay: upload.request,
    close: () => {
      download.close();
      upload.close();
    },
  };
}
