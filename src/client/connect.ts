import type { Transport } from "@connectrpc/connect";
import type { CredentialOptions } from "./credentials.ts";
import { DatasetClient } from "./dataset-client.ts";
import { parseServerUrl } from "./locations.ts";
import type { HeaderFields } from "./run-call.ts";
import { shareTransport } from "./share-transport.ts";
import { createWebFileSender } from "./web-file-sender.ts";
import { createWebTransport, type WebTransportOptions } from "./web-transport.ts";

/** How a browser reaches a server. */
export interface ConnectOptions extends WebTransportOptions, CredentialOptions {
  /** Go with every call, such as `{ authorization: "Bearer …" }`. */
  readonly headers?: HeaderFields | undefined;
  /** Headers for other servers that endpoints name; none by default. */
  readonly headersFor?: ((url: URL) => HeaderFields | undefined) | undefined;
  /**
   * Carries the calls to this server that have no Arrow data and one stream at most, such as a transport of
   * `@connectrpc/connect-web` with interceptors of the page's. All other calls use the client's own transport.
   */
  readonly transport?: Transport | undefined;
}

/** A browser has six connections to an origin over HTTP/1.1; two parts at once leave room for everything else. */
const endpointsAtOnceMax = 2;

/**
 * Makes a client of a Hangar server, for browsers and whatever else has `fetch`. Nothing is sent yet.
 *
 * @param url - such as `https://flights.example:8815`
 * @throws FlightError INVALID_ARGUMENT where the URL is none of a Flight server, or the credentials contradict each other
 */
export function connect(url: string | URL, options: ConnectOptions = {}): DatasetClient {
  const { headers, headersFor, fetch, transport, token, username, password } = options;
  const own = parseServerUrl(url);
  return new DatasetClient({
    url: own,
    openTransport(server) {
      const web = createWebTransport(server, options);
      return transport && server.href === own.href ? shareTransport(transport, web) : web;
    },
    sendFile: createWebFileSender(options),
    headers,
    headersFor,
    token,
    username,
    password,
    fetch,
    endpointsAtOnceMax,
  });
}
