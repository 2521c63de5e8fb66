import type { Logger } from "../logger.ts";
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

/** Logs refused requests and connections. Above a limit per window, it logs only their number. */
export class RefusalLog {
  readonly #logger: Logger;
  #lineCount = 0;
  #isCounting = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Logs a request that was answered with a refusal. */
  reportRequest({ status, message }: Refusal, { method, url, host, peer }: RefusedRequest): void {
    this.#warn({ status, method, url: cut(url), host: cut(host), peer }, `refused a request: ${cut(message)}`);
  }

  /** Logs a connection or stream that ended without a response, because HTTP did not allow one. */
  reportConnection(why: string, peer: string | undefined): void {
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
