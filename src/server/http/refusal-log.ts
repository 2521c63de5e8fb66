import type { Logger } from "../logger.ts";
import type { Refusal } from "./encode-refusal.ts";

/** Lines about refused requests and connections in one window, at most: enough to see what happens, too few to fill a disk. */
export const refusalLinesMax = 60;

/** How long a window is, in milliseconds. */
const windowMs = 60_000;

/** The maximum length of client text in the log, in characters. */
const excerptCharCountMax = 200;

/** What the log says of a request: what is known of it. */
export interface RefusedRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** The Host header, or :authority. */
  readonly host?: string | undefined;
  /** The client's address. */
  readonly peer: string | undefined;
}

/** Tells the operator of refused requests and connections, a line for each, and only how many there were beyond a bound. */
export class RefusalLog {
  readonly #logger: Logger;
  #lineCount = 0;
  #isCounting = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Logs a request that gets a refusal as its answer. */
  reportRequest({ status, message }: Refusal, { method, url, host, peer }: RefusedRequest): void {
    this.#warn({ status, method, url: cut(url), host: cut(host), peer }, `refused a request: ${cut(message)}`);
  }

  /** Logs a connection, or a stream, that ends without an answer: HTTP left no place for it. */
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
