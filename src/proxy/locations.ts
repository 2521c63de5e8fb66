import { upstreamHeader } from "../dataset/index.ts";
import { parseServerUrl } from "../client/index.ts";
import { FlightError } from "../flight/index.ts";

/** What is known of where data may be. */
export interface LocationRules {
  /** The configured upstream's origin, such as `http://flights:8815`. */
  readonly upstream: string;
  /** Origins of other servers that tickets may be redeemed at through this one. */
  readonly allowed: ReadonlySet<string>;
  /** Where clients reach this server, such as `grpc+tcp://localhost:8815`, its address first. */
  readonly own: readonly string[];
}

/** Says in a location of this server at which other server its ticket is redeemed; the client sends it as a header. */
export const upstreamParameter = "upstream";

/**
 * Plans what a client is told of where an endpoint's data is: this server, in the place of those that only this server
 * can reach. An allowed server is named behind this one's address; other Flight servers are not, and their tickets go to
 * the configured upstream. What a client downloads by itself (`https://`) stays, and so does what means the connection
 * that it has.
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
 * Reads the choice that a client carries beside its ticket.
 *
 * @returns the origin of the server to go to
 * @throws FlightError PERMISSION_DENIED where it is none that this server may go to
 */
export function chooseOrigin(choice: string | null, { upstream, allowed }: Omit<LocationRules, "own">): string {
  if (choice === null) return upstream;
  const origin = originOf(choice);
  if (origin !== undefined && (origin === upstream || allowed.has(origin))) return origin;
  throw new FlightError(
    "permission_denied",
    `this proxy does not go to the server that the header ${upstreamHeader} names`,
  );
}

/** The origin of a Flight server's address in one of Flight's own schemes; undefined for anything else. */
function originOf(uri: string): string | undefined {
  if (!uri.startsWith("grpc")) return undefined;
  try {
    return parseServerUrl(uri).origin;
  } catch {
    return undefined;
  }
}
