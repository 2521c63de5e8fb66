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

/**
 * The maximum number of different attempts of an address that are made at once: a quarter of the queue for passwords
 * (`waitingMax` in password-checker.ts), and fewer than the failures without a wait.
 */
const runningMax = 8;

/** The maximum number of remembered addresses. An entry takes about 200 bytes. */
const addressesMax = 10_000;

/** An attempt to sign in. */
export interface Attempt<T> {
  /** Identifies the credentials. Attempts with the same key have results of the same type. */
  readonly key: string;
  /** Whether the credentials were right a short time ago, so that the attempt costs nothing; false by default. */
  readonly isKnown?: boolean;
  /** Checks the credentials. The attempt counts as failed if this throws UNAUTHENTICATED. */
  run(): Promise<T>;
}

/**
 * Slows down the guessing of credentials: after some failed attempts, an address must wait before the next one. The
 * wait grows. Attempts that run count as if they had failed, once one has failed.
 */
export class FailedAttempts {
  readonly #now: () => number;
  readonly #failures: ExpiringCache<{ readonly count: number; readonly waitsUntil: number }>;
  /** The attempts that are being made, by address and key. */
  readonly #running = new Map<string, Map<string, Promise<unknown>>>();

  /** @param now - returns the time in milliseconds */
  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#failures = new ExpiringCache(addressesMax, now);
  }

  /**
   * Makes an attempt. Attempts of an address with the same credentials at the same time are one attempt.
   *
   * @param peer - the client's address, with or without a port
   * @throws FlightError RESOURCE_EXHAUSTED if the address must wait; then the attempt is not made
   */
  async make<T>(peer: string, { key, isKnown = false, run }: Attempt<T>): Promise<T> {
    const address = toAddress(peer);
    const running = this.#running.get(address) ?? new Map<string, Promise<unknown>>();
    const same = running.get(key);
    if (same !== undefined) return (await same) as T;
    // Also for known credentials: whoever must wait could guess them otherwise.
    this.#assertMayTry(address, running.size);
    const made = this.#observe(address, run);
    if (isKnown) return await made;
    running.set(key, made);
    this.#running.set(address, running);
    try {
      return await made;
    } finally {
      running.delete(key);
      if (running.size === 0) this.#running.delete(address);
    }
  }

  #assertMayTry(address: string, runningCount: number): void {
    const { count, waitsUntil } = this.#failures.get(address) ?? { count: 0, waitsUntil: 0 };
    const waitMs = waitsUntil - this.#now();
    if (waitMs > 0) {
      const words = `too many failed attempts from this address; try again in ${Math.ceil(waitMs / 1000)} s`;
      throw new FlightError("resource_exhausted", words);
    }
    if (runningCount >= Math.min(runningMax, Math.max(1, freeMax - count))) {
      throw new FlightError("resource_exhausted", "too many attempts from this address at once; try again in 1 s");
    }
  }

  async #observe<T>(address: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
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
