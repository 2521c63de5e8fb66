import { BlockList, isIP } from "node:net";

/** The result of a check of a Host header or `:authority`. */
export type HostVerdict =
  /** It may go on; `authority` is the host and port that the client reached. */
  | { readonly kind: "allowed"; readonly authority: string }
  /** It is not a host and port. The request gets 400. */
  | { readonly kind: "malformed" }
  /** It names a host that this server does not answer for: 403. */
  | { readonly kind: "foreign"; readonly hostname: string };

/** The longest host name that a name server knows, in characters. Source: RFC 1035, section 2.3.4. */
const hostnameCharCountMax = 253;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");
// A client on this machine may have been told to connect to "any address", as the recipe's is.
loopback.addAddress("0.0.0.0", "ipv4");
loopback.addAddress("::", "ipv6");

/**
 * Checks the Host header of a request before everything else.
 *
 * A page of another site can point its own host name at this server's address (DNS rebinding). The browser then treats
 * both as one origin, and the page can call this server. So only these names are allowed: loopback, the address of the
 * connection, and `allowedHosts`. A malformed header must be refused here, because it cannot be part of a URL.
 *
 * @param host - the header; undefined if there is none
 * @param localAddress - the server's address of the connection
 * @param allowedHosts - host names without port, normalized by `normalizeHost`; `*` allows any host
 */
export function judgeHost(
  host: string | undefined,
  localAddress: string | undefined,
  allowedHosts: ReadonlySet<string>,
): HostVerdict {
  const url = host === undefined ? undefined : parseAuthority(host);
  if (url === undefined) return { kind: "malformed" };
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const isAllowed =
    isLoopback(hostname) ||
    hostname === plainAddress(localAddress) ||
    allowedHosts.has(hostname) ||
    allowedHosts.has("*");
  if (isAllowed) return { kind: "allowed", authority: url.host };
  // The client and the log are told of it.
  return { kind: "foreign", hostname: hostname.slice(0, hostnameCharCountMax) };
}

/** Converts a host and port to a URL; undefined if it is malformed or has other parts. */
export function parseAuthority(authority: string): URL | undefined {
  if (!/^[\w.\-~%:[\]]+$/.test(authority)) return undefined;
  const url = URL.parse(`http://${authority}`);
  const isPlain = url !== null && url.pathname === "/" && url.username === "" && url.hostname !== "";
  return isPlain ? url : undefined;
}

function isLoopback(hostname: string): boolean {
  if (hostname === "localhost" || hostname.endsWith(".localhost")) return true;
  const version = isIP(hostname);
  return version !== 0 && loopback.check(hostname, version === 6 ? "ipv6" : "ipv4");
}

/** An IPv4 address that came in on an IPv6 socket is written without its `::ffff:`; no authority names a zone (`%eth0`). */
function plainAddress(address: string | undefined): string | undefined {
  return address?.replace(/^::ffff:(?=\d+\.)/, "").replace(/%.*$/, "");
}

/** A host name as `judgeHost` compares it: in lower case, an IPv6 address in its shortest form, without brackets. */
export function normalizeHost(host: string): string {
  const address = host.replace(/^\[|\]$/g, "");
  if (isIP(address) !== 6) return host.toLowerCase();
  return URL.parse(`http://[${address}]`)?.hostname.slice(1, -1) ?? address.toLowerCase();
}
