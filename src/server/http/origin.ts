import { BlockList, isIP } from "node:net";
import { FlightError } from "../../flight/index.ts";
import { parseAuthority } from "./host-guard.ts";

/** The proxies whose X-Forwarded headers are trusted. */
export class TrustedProxies {
  readonly #list = new BlockList();
  readonly #isEmpty: boolean;

  /**
   * @param entries - addresses, or subnets such as `10.0.0.0/8`
   * @throws FlightError INVALID_ARGUMENT if an entry is neither
   */
  constructor(entries: readonly string[]) {
    this.#isEmpty = entries.length === 0;
    for (const entry of entries) this.#add(entry);
  }

  #add(entry: string): void {
    const [address = "", prefix] = entry.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    try {
      if (prefix === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, Number(prefix), family);
    } catch (reason) {
      throw new FlightError("invalid_argument", `${entry} is neither an address nor a subnet`, { cause: reason });
    }
  }

  /** Returns whether an address belongs to a trusted proxy. */
  has(address: string | undefined): boolean {
    if (this.#isEmpty || address === undefined) return false;
    return this.#list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  }
}

/**
 * Returns the client's address from X-Forwarded-For: the last entry that is not a trusted proxy. Earlier entries may be
 * forged.
 *
 * @returns undefined if the last entry is not an address
 */
export function clientOf(forwardedFor: string | undefined, proxies: TrustedProxies): string | undefined {
  let client: string | undefined;
  for (const entry of (forwardedFor ?? "").split(",").reverse()) {
    const address = entry
      .trim()
      .replace(/^\[(.*)\](:\d+)?$/, "$1")
      .replace(/^([\d.]+):\d+$/, "$1");
    if (isIP(address) === 0) break;
    client = address;
    if (!proxies.has(address)) break;
  }
  return client;
}

/** The address that a request used. */
export interface ReachedAddress {
  readonly isEncrypted: boolean;
  /** Host and port, already validated. */
  readonly authority: string;
  /** The path below which clients reach this server, without a slash at its end. */
  readonly basePath: string;
  /** X-Forwarded-Proto and X-Forwarded-Host, if a trusted proxy sent them. */
  readonly forwarded?: { readonly proto: string | undefined; readonly host: string | undefined };
}

/** Returns this server's address from the client's point of view. It becomes the location of flights. */
export function toOrigin(reached: ReachedAddress): URL {
  const proto = firstOf(reached.forwarded?.proto);
  const isEncrypted = proto === undefined ? reached.isEncrypted : proto === "https";
  const forwardedHost = firstOf(reached.forwarded?.host);
  const host = forwardedHost === undefined ? undefined : parseAuthority(forwardedHost)?.host;
  return new URL(`${isEncrypted ? "https" : "http"}://${host ?? reached.authority}${reached.basePath}/`);
}

/** Returns the first entry of the header, which is the address that the client used. Each proxy appends an entry. */
function firstOf(header: string | undefined): string | undefined {
  const [first] = (header ?? "").split(",");
  return first?.trim() || undefined;
}
