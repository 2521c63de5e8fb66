import type { Transport } from "@connectrpc/connect";
import { createFetchHttpClient, type FetchOptions } from "./fetch-client.ts";
import { parseServerUrl } from "./locations.ts";
import { limitLongResponses } from "./response-budget.ts";
import { createFlightTransport } from "./transport.ts";

/** Options of a transport over `fetch`. */
export interface WebTransportOptions extends FetchOptions {
  /** The protocol; `grpc-web` by default. */
  readonly protocol?: "grpc-web" | "connect" | undefined;
}

/**
 * Creates the transport that `connect` uses, for a `FlightClient` or a `DatasetCatalogClient`. A page that uses only these
 * does not load apache-arrow.
 *
 * @param url - the server, such as `https://flights.example:8815`
 * @throws FlightError INVALID_ARGUMENT if the URL is not the address of a server
 */
export function createWebTransport(url: string | URL, options: WebTransportOptions = {}): Transport {
  const { protocol = "grpc-web" } = options;
  const httpClient = limitLongResponses(createFetchHttpClient(options));
  return createFlightTransport({ url: parseServerUrl(url), protocol, httpClient });
}
