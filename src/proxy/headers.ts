import { idempotencyKeyHeader, putModeHeader, rowCountHeader, upstreamHeader } from "../dataset/index.ts";

/**
 * Request headers that are always forwarded to the upstream, besides credentials: traces, and a put's options for a
 * Hangar server.
 */
export const forwardedByDefault = [
  "traceparent",
  "tracestate",
  "baggage",
  putModeHeader,
  idempotencyKeyHeader,
  rowCountHeader,
];

/**
 * Headers that are never forwarded: headers of one connection, of its protocol, or about the client side of this
 * server. Source: RFC 9110, section 7.6.1; the gRPC and Connect protocols.
 */
const ofOneHop = new RegExp(
  `^(${[
    "connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|http2-settings|expect|host",
    "content-.*|accept|accept-.*|user-agent|date|server|via|alt-svc|vary|age|cache-control|strict-transport-security",
    "origin|referer|sec-.*|access-control-.*|x-requested-with",
    "forwarded|x-forwarded-.*|x-real-ip",
    `grpc-.*|x-grpc-web|x-user-agent|connect-.*|${upstreamHeader}|hangar-stream-id|x-accel-.*`,
  ].join("|")})$`,
);

/** Selects the headers or trailers to forward. */
export type HeaderFilter = (header: Headers) => Headers;

/**
 * Creates a filter from names: `x-tenant`, `x-app-*` for all names with that prefix, `*` for all names. Hop-by-hop
 * headers are never forwarded.
 */
export function createHeaderFilter(names: readonly string[]): HeaderFilter {
  const patterns = names.map((name) => {
    const [prefix = "", ...rest] = name.toLowerCase().split("*");
    return (header: string): boolean => (rest.length > 0 ? header.startsWith(prefix) : header === prefix);
  });
  return (header) => {
    // Headers that an HTTP/1.1 client declares to be of this connection only.
    const named = (header.get("connection") ?? "").toLowerCase().split(/\s*,\s*/);
    const kept = new Headers();
    for (const [name, value] of header) {
      const passes = patterns.some((matches) => matches(name)) && !ofOneHop.test(name) && !named.includes(name);
      if (passes) kept.append(name, value);
    }
    return kept;
  };
}

/** Appends headers to others. Cookies stay separate. */
export function appendHeaders(from: Headers, to: Headers): void {
  for (const [name, value] of from) to.append(name, value);
}

/** Wraps a filter so that it also drops some headers. */
export function withoutHeaders(filter: HeaderFilter, names: readonly string[]): HeaderFilter {
  return (header) => {
    const kept = filter(header);
    for (const name of names) kept.delete(name);
    return kept;
  };
}
