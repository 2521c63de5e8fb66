import { parseServerUrl } from "../client/index.ts";
import type { ClientTlsOptions } from "../client-node/index.ts";
import type { DatasetCatalog, FlightRelay } from "../producer/index.ts";
import { FlightCatalog } from "./flight-catalog.ts";
import { UpstreamRelay } from "./flight-relay.ts";
import { createHeaderFilter, forwardedByDefault } from "./headers.ts";
import { openUpstream, type Upstream } from "./upstream.ts";

/** What a proxy stands before. */
export interface ProxyOptions {
  /** The Flight server that gets every call, such as `grpc://flights:8815` or `grpc+tls://flights:443`. */
  readonly upstream: string | URL;
  /** Certificates, where it has TLS. */
  readonly tls?: ClientTlsOptions | undefined;
  /**
   * Other Flight servers that endpoints may name, by the same kind of address: their tickets are redeemed there. They get
   * no headers, no certificate of this side's, and none of theirs are passed on. None by default.
   */
  readonly allow?: readonly (string | URL)[] | undefined;
  /**
   * Request headers that go to the upstream besides credentials, cookies and traces: names, `x-app-*` for all that begin
   * so, `*` for all. What belongs to one hop never goes.
   */
  readonly forwardHeaders?: readonly string[] | undefined;
  /** The location that flights are given; where the client reached this server, where left out. */
  readonly advertise?: string | undefined;
}

/** A proxy: what `createFlightServer` serves, health included. */
export interface Proxy {
  readonly producer: FlightRelay;
  readonly catalog: DatasetCatalog;
  /** Whether the upstream can be reached. */
  isReady(signal: AbortSignal): Promise<boolean>;
  /** Ends the connections, and the calls on them. */
  close(): void;
}

/** The only headers of other servers' answers that pass: what says in Arrow's own words why a call failed. */
const filterOtherAnswer = createHeaderFilter(["x-arrow-*"]);

/**
 * Makes a proxy before a Flight server. Nothing is sent yet.
 *
 * @throws FlightError INVALID_ARGUMENT where an address is none of a Flight server
 */
export function createProxy(options: ProxyOptions): Proxy {
  const { tls, allow = [], forwardHeaders = [], advertise } = options;
  const upstream = openUpstream(parseServerUrl(options.upstream), {
    tls,
    filterRequest: createHeaderFilter([...forwardedByDefault, ...forwardHeaders]),
    filterAnswer: createHeaderFilter(["*"]),
  });
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
