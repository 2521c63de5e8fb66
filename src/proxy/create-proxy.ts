import { parseServerUrl } from "../client/index.ts";
import type { ClientTlsOptions } from "../client-node/index.ts";
import type { DatasetCatalog, FlightRelay } from "../producer/index.ts";
import { FlightCatalog } from "./flight-catalog.ts";
import { UpstreamRelay } from "./flight-relay.ts";
import { planHeaders, type UpstreamCredentials } from "./credentials.ts";
import { createHeaderFilter } from "./headers.ts";
import { openUpstream, type Upstream } from "./upstream.ts";

/** Options of a proxy. */
export interface ProxyOptions {
  /** The address of the Flight server that gets the calls, such as `grpc://flights:8815` or `grpc+tls://flights:443`. */
  readonly upstream: string | URL;
  /** Certificates, if the upstream uses TLS. */
  readonly tls?: ClientTlsOptions | undefined;
  /**
   * Addresses of other Flight servers that endpoints may name. Tickets of these endpoints are sent there. These servers get
   * no client headers and no client certificate, and only their `x-arrow-*` headers are returned. None by default.
   */
  readonly allow?: readonly (string | URL)[] | undefined;
  /**
   * Names of request headers to forward, besides credentials, cookies and traces. `x-app-*` forwards all headers with that
   * prefix, and `*` forwards all headers. Hop-by-hop headers are never forwarded.
   */
  readonly forwardHeaders?: readonly string[] | undefined;
  /** The credentials for the upstream. By default, the caller's own are forwarded. */
  readonly credentials?: UpstreamCredentials | undefined;
  /** The location in FlightInfos. By default, the address that the client used. */
  readonly advertise?: string | undefined;
}

/** A proxy: options for `createFlightServer`. */
export interface Proxy {
  /** Forwards the calls. */
  readonly producer: FlightRelay;
  /** Lists and describes the flights of the upstream. */
  readonly catalog: DatasetCatalog;
  /** Whether the upstream is reachable. */
  isReady(signal: AbortSignal): Promise<boolean>;
  /** Closes the connections and ends their calls. */
  close(): void;
}

/** The only headers that are forwarded from the responses of other servers: Arrow's own description of an error. */
const filterOtherAnswer = createHeaderFilter(["x-arrow-*"]);

/**
 * Creates a proxy to a Flight server. The first call connects.
 *
 * @throws FlightError INVALID_ARGUMENT if an address is not the address of a Flight server
 */
export function createProxy(options: ProxyOptions): Proxy {
  const { tls, allow = [], forwardHeaders = [], credentials = { kind: "forward" }, advertise } = options;
  const filters = planHeaders(credentials, forwardHeaders);
  const upstream = openUpstream(parseServerUrl(options.upstream), { tls, ...filters });
  const others = new Map<string, Upstream>();
  for (const each of allow) {
    const url = new URL(parseServerUrl(each).origin);
    const otherTls = tls?.ca === undefined ? undefined : { ca: tls.ca };
    const filters = { filterRequest: createHeaderFilter([]), filterAnswer: filterOtherAnswer };
    others.set(url.origin, openUpstream(url, { ...filters, tls: otherTls }));
  }
  const producer = new UpstreamRelay({ upstream, others, advertise });
  return {
    producer,
    catalog: new FlightCatalog(producer),
    isReady: (signal) => upstream.isReachable(signal),
    close: () => [upstream, ...others.values()].forEach((each) => each.close()),
  };
}
