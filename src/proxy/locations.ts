import { upstreamHeader } from "../dataset/index.ts";
import { parseServerUrl } from "../client/index.ts";
import { FlightError } from "../flight/index.ts";

/** The servers that locations may name. */
export interface LocationRules {
  /** The configured upstream's origin, such as `http://flights:8815`. */
  readonly upstream: string;
  /** Origins of other servers that this server may forward tickets to. */
  readonly allowed: ReadonlySet<string>;
  /** The addresses of this server for clients, such as `grpc+tcp://localhost:8815`; the main one first. */
  readonly own: readonly string[];
}

/**
 * The query parameter in a location of this server that names the server for the ticket. The client sends it as a
 * header.
 */
export const upstreamParameter = "upstream";

/**
 * Plans the locations that a client gets for an endpoint. Locations that only this server can reach are replaced with
 * this server. An allowed server is named behind this server's address. Tickets of other Flight servers go to the
 * configured upstream. Download URLs (`https://`) and "reuse the connection" stay unchanged.
 */
export function planLocations(uris: readonly string[], { upstream, allowed, own }: LocationRules): string[] {
  const kept = new Set<string>();
  for (const uri of uris) {
    const scheme = URL.parse(uri)?.protocol ?? "";
    if (/^(https?|arrow-flight-reuse-connection):$/.test(scheme)) kept.add(uri);
    const origin = originOf(uri);
    if (origin === upstream) for (const each of own) kept.add(each);
    else if (origin !== undefined && allowed.has(origin)) {
      kept.add(`${own[0]}/?${upstreamParameter}=${encodeURIComponent(uri)}`);
    }
  }
  return kept.size === 0 && uris.length > 0 ? [...own] : [...kept];
}

/**
 * Decodes the upstream that a client sends with its ticket.
 *
 * @returns the origin of the upstream
 * @throws FlightError PERMISSION_DENIED if this server may not forward to it
 */
export function chooseOrigin(choice: string | null, { upstream, allowed }: Omit<LocationRules, "own">): string {
  if (choice === null) return upstream;
  const origin = originOf(choice);
  if (origin !== undefined && (origin === upstream || allowed.has(origin))) return origin;
  throw new FlightError(
    "permission_denied",
    `this proxy does not forward to the server in the header ${upstreamHeader}`,
  );
}

/** Returns the origin of a Flight server's address with one of Flight's own schemes; undefined for other addresses. */
function originOf(uri: string): string | undefined {
  if (!uri.startsWith("grpc")) return undefined;
  try {
    return parseServerUrl(uri).origin;
  } catch {
    return undefined;
  }
}
