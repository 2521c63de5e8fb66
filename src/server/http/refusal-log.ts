import type { Logger } from "../logger.ts";
import type { LimitName, OnLimit } from "../limits/limit-counter.ts";
import type { Refusal } from "./encode-refusal.ts";

/**
 * The maximum number of log lines about refused requests and connections per window: enough to see the problem, too few
 * to fill a disk.
 */
export const refusalLinesMax = 60;

/** The length of a window in milliseconds. */
const windowMs = 60_000;

/** The maximum length of client text in the log, in characters. */
const excerptCharCountMax = 200;

/** The known properties of a refused request, for the log. */
export interface RefusedRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** The Host header, or :authority. */
  readonly host?: string | undefined;
  /** The client's address. */
  readonly peer: string | undefined;
}

/**
 * Logs refused requests and connections. Above a limit per window, it logs only their number. It also counts the limits
 * that were the reason.
 */
export class RefusalLog {
  readonly #logger: Logger;
  readonly #onLimit: OnLimit;
  #lineCount = 0;
  #isCounting = false;

  constructor(logger: Logger, onLimit: OnLimit) {
    this.#logger = logger;
    this.#onLimit = onLimit;
  }

  /** Logs a request that was answered with a refusal. */
  reportRequest({ status, message, limit }: Refusal, { method, url, host, peer }: RefusedRequest): void {
    if (limit !== undefined) this.#onLimit(limit);
    this.#warn({ status, method, url: cut(url), host: cut(host), peer }, `refused a request: ${cut(message)}`);
  }

  /**
   * Logs a connection or stream that ended without a response, because HTTP did not allow one.
   *
   * @param limit - the limit that was the reason; none by default
   */
  reportConnection(why: string, peer: string | undefined, limit?: LimitName): void {
    if (limit !== undefined) this.#onLimit(limit);
    this.#warn({ peer }, `refused a connection: ${cut(why)}`);
  }

  #warn(details: object, message: string): void {
    this.#beginWindow();
    if (++this.#lineCount <= refusalLinesMax) this.#logger.warn(details, message);
  }

  #beginWindow(): void {
    if (this.#isCounting) return;
    this.#isCounting = true;
    setTimeout(() => this.#endWindow(), windowMs).unref();
  }

  #endWindow(): void {
    const leftOutCount = this.#lineCount - refusalLinesMax;
    if (leftOutCount > 0) this.#logger.warn({ leftOutCount }, "refused more requests; they are not logged");
    this.#lineCount = 0;
    this.#isCounting = false;
  }
}

function cut(text: string | undefined): string | undefined {
  return text?.slice(0, excerptCharCountMax);
}
