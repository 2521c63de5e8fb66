import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import {
  createFlightTransport,
  DatasetClient,
  parseServerUrl,
  type HeaderFields,
  type Protocol,
} from "../client/index.ts";
import { CookieJar } from "./cookie-jar.ts";
import { createHttp2Client, type ClientTlsOptions, type Http2Client } from "./http2-client.ts";

/** How Node reaches a server. */
export interface ConnectOptions {
  /** `grpc` by default, which every Flight server speaks; the others are for servers or proxies that speak only them. */
  readonly protocol?: Protocol | undefined;
  /** Certificates, where the server has TLS. */
  readonly tls?: ClientTlsOptions | undefined;
  /** Go with every call, such as `{ authorization: "Bearer …" }`. */
  readonly headers?: HeaderFields | undefined;
  /** Headers for other servers that endpoints name; none by default. */
  readonly headersFor?: ((url: URL) => HeaderFields | undefined) | undefined;
  /** Whether cookies that a server sets go back to it, as sessions of Flight need it; not by default. */
  readonly cookies?: boolean | undefined;
}

/** Endpoints that are read at once: enough to fill a fast line, few enough to hold little in memory. */
const endpointsAtOnceMax = 4;

/**
 * Makes a client of any Flight server, by gRPC over HTTP/2. Nothing is sent yet. The connection keeps the process
 * alive only while a call is under way.
 *
 * @param url - `grpc://host:port`, `grpc+tcp://`, `grpc+tls://`, `http://` or `https://`
 * @throws FlightError INVALID_ARGUMENT where the URL is none of a Flight server
 */
export function connect(url: string | URL, options: ConnectOptions = {}): DatasetClient {
  const { protocol = "grpc", tls, headers, headersFor, cookies = false } = options;
  const connections = new Map<string, Http2Client>();
  const clientOf = (server: URL): UniversalClientFn => {
    let connection = connections.get(server.origin);
    if (connection === undefined) {
      const { request, close } = createHttp2Client(server, tls);
      connection = { request: cookies ? new CookieJar().over(request) : request, close };
      connections.set(server.origin, connection);
    }
    return connection.request;
  };
  return new DatasetClient({
    url: parseServerUrl(url),
    openTransport: (server) =>
      createFlightTransport({ url: server, protocol, httpClient: clientOf(server), isFullDuplex: true }),
    headers,
    headersFor,
    endpointsAtOnceMax,
    close: () => connections.forEach((connection) => connection.close()),
  });
}
