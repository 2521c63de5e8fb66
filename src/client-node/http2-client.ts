import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import { streamWindowBytes } from "../flight/index.ts";
import { openHttp2Connection, type ClientTlsOptions } from "./http2-connection.ts";

/** An HTTP client with HTTP/2 connections to one server. It opens them on demand. */
export interface Http2Client {
  /** Sends requests of calls with one request message. */
  readonly oneWay: UniversalClientFn;
  /** Sends requests of calls with two streams. */
  readonly twoWay: UniversalClientFn;
  /** Closes the connections and ends their calls. A later request opens a new connection. */
  close(): void;
}

/**
 * Creates an HTTP/2 client of one server. Idle connections do not keep the process alive.
 *
 * Uploads have a connection of their own, with a small window. Node does not read from an HTTP/2 connection while it
 * writes to it. If both sides are Node, and the window is larger than the socket buffers, each side could wait for the
 * other to read.
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
