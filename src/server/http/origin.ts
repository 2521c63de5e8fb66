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

  /** Whether a connection from this address is from a trusted proxy. */
  has(address: string | undefined): boolean {
    if (this.#isEmpty || address === undefined) return false;
    return this.#list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  }
}

/**
 * Returns the address of the client that trusted proxies have named in X-Forwarded-For: the last one that is not a
 * trusted proxy itself. The client may have made up what is before it.
 *
 * @returns undefined where the last entry is no address
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

/** The address in a request. */
export interface ReachedAddress {
  readonly isEncrypted: boolean;
  /** Host and port, already judged to be well-formed. */
  readonly authority: string;
  /** X-Forwarded-Proto and X-Forwarded-Host, if a trusted proxy sent them. */
  readonly forwarded?: { readonly proto: string | undefined; readonly host: string | undefined };
}

/** This server's address as the client sees it; it becomes the location of flights. */
export function toOrigin(reached: ReachedAddress): URL {
  const proto = firstOf(reached.forwarded?.proto);
  const isEncrypted = proto === undefined ? reached.isEncrypted : proto === "https";
  const forwardedHost = firstOf(reached.forwarded?.host);
  const host = forwardedHost === undefined ? undefined : parseAuthority(forwardedHost)?.host;
  return new URL(`${isEncrypted ? "https" : "http"}://${host ?? reached.authority}`);
}

/** Each proxy appends to such a header. The first entry is the address that the client used. */
function firstOf(header: string | undefined): string | undefined {
  const [first] = (header ?? "").split(",");
  return first?.trim() || undefined;
}
