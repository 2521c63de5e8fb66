import { isIPv6 } from "node:net";
import { FlightError } from "../../flight/index.ts";
import { ExpiringCache } from "../credentials/expiring-cache.ts";

/** The number of failed attempts of an address without a wait, for users who try several of their passwords. */
const freeMax = 10;

/** The wait after the first failure beyond this number, in milliseconds. It doubles with each failure. */
const firstWaitMs = 1_000;

/** The longest wait of an address in milliseconds. It allows 1,440 guesses a day, and a user can still try again. */
const waitMsMax = 60_000;

/** How long failures are remembered after the last one, in milliseconds. */
const memoryMs = 15 * 60_000;

/** The maximum number of remembered addresses. An entry takes about 200 bytes. */
const addressesMax = 10_000;

/**
 * Slows down the guessing of credentials: after some failed attempts, an address must wait before the next one. The
 * wait grows.
 */
export class FailedAttempts {
  readonly #now: () => number;
  readonly #failures: ExpiringCache<{ readonly count: number; readonly waitsUntil: number }>;

  /** @param now - returns the time in milliseconds */
  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#failures = new ExpiringCache(addressesMax, now);
  }

  /**
   * Makes an attempt. It counts as failed if it throws UNAUTHENTICATED.
   *
   * @param peer - the client's address, with or without a port
   * @throws FlightError RESOURCE_EXHAUSTED if the address must wait; then the attempt is not made
   */
  async make<T>(peer: string, attempt: () => Promise<T>): Promise<T> {
    const address = toAddress(peer);
    const waitMs = (this.#failures.get(address)?.waitsUntil ?? 0) - this.#now();
    if (waitMs > 0) {
      const words = `too many failed attempts from this address; try again in ${Math.ceil(waitMs / 1000)} s`;
      throw new FlightError("resource_exhausted", words);
    }
    try {
      return await attempt();
    } catch (reason) {
      if (reason instanceof FlightError && reason.code === "unauthenticated") this.#note(address);
      throw reason;
    }
  }

  #note(address: string): void {
    const now = this.#now();
    const count = (this.#failures.get(address)?.count ?? 0) + 1;
    const waitMs = count <= freeMax ? 0 : Math.min(waitMsMax, firstWaitMs * 2 ** (count - freeMax - 1));
    this.#failures.set(address, { count, waitsUntil: now + waitMs }, now + memoryMs);
  }
}

/** Returns the address without its port. For IPv6 it is the /64 network, because a client usually has all of it. */
function toAddress(peer: string): string {
  const [, bracketed] = /^\[(.*)\](?::\d+)?$/.exec(peer) ?? [];
  if (bracketed === undefined) return peer.replace(/:\d+$/, "");
  const mapped = bracketed.replace(/^::ffff:(?=\d+\.)/, "");
  return isIPv6(mapped) ? networkOf(mapped) : mapped;
}

function networkOf(address: string): string {
  const [head = "", tail] = address.split("::");
  const groups = head.split(":").filter((group) => group !== "");
  const rest = (tail ?? "").split(":").filter((group) => group !== "");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  return [...groups, ...Array<string>(zeros).fill("0"), ...rest].slice(0, 4).join(":");
}
