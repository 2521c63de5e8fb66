/** The first pause after a failed attempt to connect, in milliseconds: a server that restarts is away for about so long. */
const firstPauseMs = 200;

/** The longest pause, in milliseconds: a server that is back is not kept waiting for longer. */
const longestPauseMs = 10_000;

/** Holds back attempts to connect to a server that has just refused one, for longer each time. */
export class Backoff {
  readonly #now: () => number;
  readonly #random: () => number;
  #pauseMs = 0;
  #retryAt = 0;
  #reason: unknown;

  /** The parameters are the time, in milliseconds, and what scatters the attempts of several proxies, from 0 to 1. */
  constructor(now: () => number = Date.now, random: () => number = Math.random) {
    this.#now = now;
    this.#random = random;
  }

  /** @throws the reason of the last failure while an attempt would come too soon */
  assertMayTry(): void {
    if (this.#now() < this.#retryAt) throw this.#reason;
  }

  /** An attempt has failed. Several that were under way together count as one. */
  failed(reason: unknown): void {
    if (this.#now() < this.#retryAt) return;
    this.#pauseMs = Math.min(Math.max(this.#pauseMs * 2, firstPauseMs), longestPauseMs);
    this.#retryAt = this.#now() + this.#pauseMs * (0.8 + 0.2 * this.#random());
    this.#reason = reason;
  }

  /** An attempt has succeeded: the next failure is a first one again. */
  succeeded(): void {
    this.#pauseMs = 0;
    this.#retryAt = 0;
  }
}
