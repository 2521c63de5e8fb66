import type { Transport } from "@connectrpc/connect";
import { checkOptions, credentialOptionNames, type OptionNames } from "./check-options.ts";
import type { CredentialOptions } from "./credentials.ts";
import { DatasetClient } from "./dataset-client.ts";
import { parseServerUrl } from "./locations.ts";
import type { HeaderFields } from "./run-call.ts";
import { shareTransport } from "./share-transport.ts";
import { createWebFileSender } from "./web-file-sender.ts";
import { createWebTransport, type WebTransportOptions } from "./web-transport.ts";

/** Options of a client in a browser. */
export interface ConnectOptions extends WebTransportOptions, CredentialOptions {
  /** Request headers of every call, such as `{ authorization: "Bearer …" }`. */
  readonly headers?: HeaderFields | undefined;
  /** Returns the request headers for another server that an endpoint names; none by default. */
  readonly headersFor?: ((url: URL) => HeaderFields | undefined) | undefined;
  /**
   * The transport of calls to this server without Arrow data and with at most one stream, such as a transport of
   * `@connectrpc/connect-web` with your own interceptors. All other calls use the client's own transport.
   */
  readonly transport?: Transport | undefined;
}

const connectOptionNames: OptionNames<ConnectOptions> = {
  ...credentialOptionNames,
  headers: true,
  headersFor: true,
  transport: true,
  protocol: true,
  credentials: true,
  fetch: true,
};

/**
 * A browser opens six connections to an origin over HTTP/1.1. Two concurrent parts leave the rest for other requests.
 */
const endpointsAtOnceMax = 2;

/**
 * Creates a client of a Hangar server, for browsers and every other runtime that has `fetch`. The first call connects.
 *
 * @param url - the server, such as `https://flights.example:8815`, or `https://flights.example/hangar` behind a reverse proxy
 * @throws FlightError INVALID_ARGUMENT if the URL is not the address of a server, or if the credentials contradict
 * each other
 */
export function connect(url: string | URL, options: ConnectOptions = {}): DatasetClient {
  checkOptions(options, connectOptionNames);
  const { credentials = "same-origin", headers, headersFor, fetch, transport, token, username, password } = options;
  const own = parseServerUrl(url);
  return new DatasetClient({
    url: own,
    openTransport(server) {
      const web = createWebTransport(server, options);
      return transport && server.href === own.href ? shareTransport(transport, web) : web;
    },
    sendFile: createWebFileSender(options),
    getFile: async (url, request) =>
      await (fetch ?? globalThis.fetch)(url, { ...request, credentials, redirect: "error" }),
    headers,
    headersFor,
    token,
    username,
    password,
    fetch,
    endpointsAtOnceMax,
  });
}
