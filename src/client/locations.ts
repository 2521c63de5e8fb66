import { FlightError } from "../flight/index.ts";
import { httpSchemes, toHttpUrl, toServerUrl } from "./server-url.ts";

/** A source of the data of an endpoint. */
export type DataSource =
  /** The server that described the flight, over the same connection. */
  | { readonly kind: "same"; readonly upstream?: string }
  /** Another Flight server, with the endpoint's ticket. */
  | { readonly kind: "flight"; readonly url: URL; readonly upstream?: string }
  /** A plain GET of an IPC stream, without the ticket. */
  | { readonly kind: "download"; readonly url: URL };

/** The scheme for "the connection that described the flight". Source: Flight RPC, "Connection Reuse". */
const reuseScheme = "arrow-flight-reuse-connection:";

/**
 * Wildcard addresses. A server that listens on all addresses may use them as its name, but clients cannot connect to
 * them.
 */
const anyAddresses = ["0.0.0.0", "[::]"];

/**
 * Parses the address of a Flight server: `grpc://`, `grpc+tcp://`, `grpc+tls://`, `http://` or `https://`.
 *
 * @returns the same address with the scheme `http:` or `https:`
 * @throws FlightError INVALID_ARGUMENT if it is not the address of a server. An address with a user name or a password
 * is refused: it would be ignored, and appear in logs. The message does not contain it
 */
export function parseServerUrl(text: string | URL): URL {
  const url = toServerUrl(text);
  if (url !== null) return url;
  const words = String(text).includes("@")
    ? "the address of a Flight server must not contain credentials"
    : `${String(text)} is not the address of a Flight server`;
  throw new FlightError("invalid_argument", words);
}

/**
 * Returns the sources of an endpoint in the order to try them, without duplicates. It is the order of the locations, in
 * which a server may spread endpoints over several servers. If one location is "reuse the connection", the server itself
 * is first. A proxy counts once for each upstream that a location names. Without any location, the source is the server
 * itself. Locations with unknown schemes are omitted.
 *
 * @param own - the server that returned the endpoint
 */
export function planSources(uris: readonly string[], own: URL): DataSource[] {
  if (uris.length === 0) return [{ kind: "same" }];
  const sources = uris.map((uri) => toSource(uri, own)).filter((source) => source !== undefined);
  const distinct = [...new Map(sources.map((source) => [JSON.stringify(source), source])).values()];
  if (!uris.some((uri) => URL.parse(uri)?.protocol === reuseScheme)) return distinct;
  const isSame = (source: DataSource): boolean => source.kind === "same";
  return [...distinct.filter(isSame), ...distinct.filter((source) => !isSame(source))];
}

function toSource(uri: string, own: URL): DataSource | undefined {
  const url = URL.parse(uri);
  if (url === null) return undefined;
  if (url.protocol === reuseScheme) return { kind: "same" };
  if (/^https?:$/.test(url.protocol)) {
    const isOwn = url.origin === own.origin && ["/", own.pathname].includes(url.pathname) && url.search === "";
    return isOwn ? { kind: "same" } : { kind: "download", url };
  }
  const http = url.protocol in httpSchemes ? toHttpUrl(url) : null;
  if (http === null) return undefined;
  const server = new URL(http.origin);
  // In its own address, a proxy names the server that issued the ticket: docs/proxy.md.
  const upstream = url.searchParams.get("upstream");
  const choice = upstream === null ? {} : { upstream };
  if (anyAddresses.includes(server.hostname)) server.hostname = own.hostname;
  return server.origin === own.origin ? { kind: "same", ...choice } : { kind: "flight", url: server, ...choice };
}
