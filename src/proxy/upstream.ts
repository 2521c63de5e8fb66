import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import { openHttp2Connection, type ClientTlsOptions } from "../client-node/index.ts";
import { Backoff } from "./backoff.ts";
import { ConnectionPool } from "./connection-pool.ts";
import type { HeaderFilter } from "./headers.ts";

/**
 * How long the upstream may be silent during calls before it gets a ping, in milliseconds. gRPC servers close
 * connections that ping more often than every five minutes.
 */
const pingIntervalMs = 330_000;

/**
 * The flow-control window of a stream in bytes. It bounds the memory for a slow client. Per round trip, a fast client
 * receives at most this number of bytes.
 */
const windowBytes = 1024 * 1024;

/** A Flight server behind the proxy. */
export interface Upstream {
  readonly url: URL;
  /** Selects the request headers that the upstream gets. */
  readonly filterRequest: HeaderFilter;
  /** Selects the headers and trailers of the upstream that the client gets. */
  readonly filterAnswer: HeaderFilter;
  /** Carries calls whose request is one message. */
  readonly oneWay: UniversalClientFn;
  /** Carries calls that may send as much data as they receive. */
  readonly twoWay: UniversalClientFn;
  /** Whether the upstream is reachable. Opens a connection if none is open. */
  isReachable(signal: AbortSignal): Promise<boolean>;
  /** Ends all connections and the calls on them. */
  close(): void;
}

/** Creates an upstream. @param options - `tls` has the certificates, if the upstream uses TLS */
export function openUpstream(
  url: URL,
  options: Pick<Upstream, "filterRequest" | "filterAnswer"> & { readonly tls?: ClientTlsOptions | undefined },
): Upstream {
  const { tls } = options;
  const backoff = new Backoff();
  // Two kinds, as in the client for Node: see `createHttp2Client`.
  const download = new ConnectionPool(
    () => openHttp2Connection(url, { tls, pingIntervalMs, streamWindowBytes: windowBytes }),
    backoff,
  );
  const upload = new ConnectionPool(() => openHttp2Connection(url, { tls, pingIntervalMs }), backoff);
  return {
    url,
    filterRequest: options.filterRequest,
    filterAnswer: options.filterAnswer,
    oneWay: (request) => download.send(request),
    twoWay: (request) => upload.stream(request),
    isReachable: (signal) =>
      download.connect(signal).then(
        () => true,
        () => false,
      ),
    close: () => {
      download.close();
      upload.close();
    },
  };
}
