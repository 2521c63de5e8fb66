import { createHmac, randomBytes } from "node:crypto";
import { FlightError } from "../../flight/index.ts";
import type { UserEntry } from "../access-config.ts";
import { ExpiringCache } from "./expiring-cache.ts";
import { isPassword, parsePasswordHash, type PasswordHash } from "./password.ts";

/** The maximum number of concurrent hashes. Each needs 32 MiB and one of libuv's four threads. */
const runningMax = 2;

/** The maximum number of waiting checks: some seconds of work. */
const waitingMax = 32;

/** The maximum number of cached correct passwords. An entry takes about 200 bytes. */
const knownMax = 1_000;

/**
 * How long a correct password is cached, in milliseconds. A client that sends it with each call needs one hash in this
 * time.
 */
const knownMs = 300_000;

/** The maximum length of a password in characters. The time to hash it grows with its length. */
const passwordCharCountMax = 1_024;

/**
 * Checks the passwords of users. The number of concurrent hashes is limited. A repeated password is not hashed again.
 */
export class PasswordChecker {
  readonly #hashes: ReadonlyMap<string, PasswordHash>;
  /** The hash that is computed for an unknown user, so that the check takes as long. */
  readonly #decoy: PasswordHash;
  readonly #key = randomBytes(32);
  readonly #known = new ExpiringCache<true>(knownMax);
  readonly #running = new Map<string, Promise<boolean>>();
  readonly #waiting: (() => void)[] = [];
  #runningCount = 0;

  /** @throws FlightError INVALID_ARGUMENT if the hash of a user is not valid */
  constructor(users: readonly UserEntry[]) {
    this.#hashes = new Map(users.map(({ name, password }) => [name, parsePasswordHash(password)]));
    const [first] = this.#hashes.values();
    this.#decoy = { ln: 15, r: 8, p: 3, ...first, salt: randomBytes(16), hash: randomBytes(32) };
  }

  /** Returns whether a user has a password. @throws FlightError RESOURCE_EXHAUSTED if too many are being checked */
  async check(name: string, password: string): Promise<boolean> {
    if (password.length > passwordCharCountMax) return false;
    const key = this.keyOf(name, password);
    if (this.isKnown(key)) return true;
    const running = this.#running.get(key) ?? this.#hash(name, password);
    this.#running.set(key, running);
    try {
      const isRight = await running;
      if (isRight) this.#known.set(key, true, Date.now() + knownMs);
      return isRight;
    } finally {
      this.#running.delete(key);
    }
  }

  /** Returns a key for a name and a password. It cannot be used to guess the password, because it depends on a secret. */
  keyOf(name: string, password: string): string {
    // JSON is unambiguous.
    const text = JSON.stringify([name, password]);
    return createHmac("sha256", this.#key).update(text).digest("base64");
  }

  /** Returns whether a name and a password, given by their key, were right a short time ago. */
  isKnown(key: string): boolean {
    return this.#known.get(key) === true;
  }

  async #hash(name: string, password: string): Promise<boolean> {
    await this.#enter();
    try {
      const hash = this.#hashes.get(name);
      return (await isPassword(password, hash ?? this.#decoy)) && hash !== undefined;
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#runningCount -= 1;
    }
  }

  async #enter(): Promise<void> {
    if (this.#runningCount < runningMax) {
      this.#runningCount += 1;
      return;
    }
    if (this.#waiting.length >= waitingMax) {
      throw new FlightError("resource_exhausted", "too many passwords are being checked; try again");
    }
    // A check that ends passes its place on.
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
