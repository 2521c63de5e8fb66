/** The first pause after a failed connection attempt, in milliseconds; about as long as a server takes to restart. */
const firstPauseMs = 200;

/** The longest pause in milliseconds. It limits the delay after the server is available again. */
const longestPauseMs = 10_000;

/** Delays connection attempts to a server after a failure. The delay grows with each failure. */
export class Backoff {
  readonly #now: () => number;
  readonly #random: () => number;
  #pauseMs = 0;
  #retryAt = 0;
  #reason: unknown;

  /**
   * @param now - returns the time in milliseconds
   * @param random - returns a number from 0 to 1, which spreads the attempts of several proxies
   */
  constructor(now: () => number = Date.now, random: () => number = Math.random) {
    this.#now = now;
    this.#random = random;
  }

  /** @throws the reason of the last failure while an attempt would come too soon */
  assertMayTry(): void {
    if (this.#now() < this.#retryAt) throw this.#reason;
  }

  /** Records a failed attempt. Concurrent failures count as one. */
  failed(reason: unknown): void {
    if (this.#now() < this.#retryAt) return;
    this.#pauseMs = Math.min(Math.max(this.#pauseMs * 2, firstPauseMs), longestPauseMs);
    this.#retryAt = this.#now() + this.#pauseMs * (0.8 + 0.2 * this.#random());
    this.#reason = reason;
  }

  /** Records a successful attempt, which resets the pause. */
  succeeded(): void {
    this.#pauseMs = 0;
    this.#retryAt = 0;
  }
}
