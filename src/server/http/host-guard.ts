import { BlockList, isIP } from "node:net";

/** The result of a check of a Host header or `:authority`. */
export type HostVerdict =
  /** The request may continue. `authority` is the host and port in it. */
  | { readonly kind: "allowed"; readonly authority: string }
  /** The header is not a host and port: status 400. */
  | { readonly kind: "malformed" }
  /** The host is not a name of this server: status 403. */
  | { readonly kind: "foreign"; readonly hostname: string };

/** The maximum length of a host name in characters. Source: RFC 1035, section 2.3.4. */
const hostnameCharCountMax = 253;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");
// A local client may use the wildcard address, as in the cookbook's recipe.
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
  // The name goes to the client and into the log.
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

/**
 * Removes the `::ffff:` of an IPv4 address on an IPv6 socket, and the zone (`%eth0`), which an authority cannot have.
 */
function plainAddress(address: string | undefined): string | undefined {
  return address?.replace(/^::ffff:(?=\d+\.)/, "").replace(/%.*$/, "");
}

/** Normalizes a host name for `judgeHost`: lower case, IPv6 addresses in their shortest form, no brackets. */
export function normalizeHost(host: string): string {
  const address = host.replace(/^\[|\]$/g, "");
  if (isIP(address) !== 6) return host.toLowerCase();
  return URL.parse(`http://[${address}]`)?.hostname.slice(1, -1) ?? address.toLowerCase();
}
