import type { Transport } from "@connectrpc/connect";
import { createFetchHttpClient, type FetchOptions } from "./fetch-client.ts";
import { parseServerUrl } from "./locations.ts";
import { limitLongResponses } from "./response-budget.ts";
import { createFlightTransport } from "./transport.ts";

/** What a transport over `fetch` is made of. */
export interface WebTransportOptions extends FetchOptions {
  /** `grpc-web` by default; the server answers both. */
  readonly protocol?: "grpc-web" | "connect" | undefined;
}

/**
 * Makes the transport that `connect` uses, for a `FlightClient` and a `DatasetCatalogClient` alone: a page that decodes
 * frames itself does without apache-arrow. Nothing is sent yet.
 *
 * @param url - such as `https://flights.example:8815`
 * @throws FlightError INVALID_ARGUMENT where the URL is none of a Flight server
 */
export function createWebTransport(url: string | URL, options: WebTransportOptions = {}): Transport {
  const { protocol = "grpc-web" } = options;
  const httpClient = limitLongResponses(createFetchHttpClient(options));
  return createFlightTransport({ url: parseServerUrl(url), protocol, httpClient });
}
