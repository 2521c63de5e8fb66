import { isIPv6 } from "node:net";
import { FlightError } from "../../flight/index.ts";
import { ExpiringCache } from "../credentials/expiring-cache.ts";

/** Attempts of an address that may fail without a wait: a person who tries each password that it could be. */
const freeMax = 10;

/** How long an address waits after the first failure that is not free, in milliseconds. The wait doubles with each failure. */
const firstWaitMs = 1_000;

/** The longest wait of an address, in milliseconds: 1,440 guesses a day, and a person can still try again. */
const waitMsMax = 60_000;

/** How long failures are remembered after the last one, in milliseconds. */
const memoryMs = 15 * 60_000;

/** Addresses that are remembered, at most; an entry takes about 200 bytes. */
const addressesMax = 10_000;

/** Slows those who guess: after some failed attempts, an address must wait longer and longer before the next one. */
export class FailedAttempts {
  readonly #now: () => number;
  readonly #failures: ExpiringCache<{ readonly count: number; readonly waitsUntil: number }>;

  /** @param now - returns the time in milliseconds */
  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#failures = new ExpiringCache(addressesMax, now);
  }

  /**
   * Makes an attempt. It has failed if it throws UNAUTHENTICATED.
   *
   * @param peer - the client's address, with or without a port
   * @throws FlightError RESOURCE_EXHAUSTED if the address must wait; the attempt is not made then
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

/** The address without its port. One who has an IPv6 address has all of its /64 network. */
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
