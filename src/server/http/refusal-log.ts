import type { Logger } from "../logger.ts";
import type { Refusal } from "./refuse.ts";
import type { NodeRequest } from "./node-messages.ts";

/** Lines about refused requests in one window, at most: enough to see what happens, too few to fill a disk. */
export const refusalLinesMax = 60;

/** How long a window is, in milliseconds. */
const windowMs = 60_000;

/** How much is logged of what a client has chosen, in characters. */
const excerptCharCountMax = 200;

/** Tells the operator of refused requests, a line for each, and only how many there were beyond a bound. */
export class RefusalLog {
  readonly #logger: Logger;
  #lineCount = 0;
  #isCounting = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @param host - the Host header, or :authority */
  report({ status, message }: Refusal, { method, url, socket }: NodeRequest, host: string | undefined): void {
    this.#beginWindow();
    if (++this.#lineCount > refusalLinesMax) return;
    const details = {
      status,
      method,
      url: url?.slice(0, excerptCharCountMax),
      host: host?.slice(0, excerptCharCountMax),
      peer: socket?.remoteAddress,
    };
    this.#logger.warn(details, `refused a request: ${message.slice(0, excerptCharCountMax)}`);
  }

  #beginWindow(): void {
    if (this.#isCounting) return;
    this.#isCounting = true;
    setTimeout(() => this.#endWindow(), windowMs).unref();
  }

  #endWindow(): void {
    const leftOutCount = this.#lineCount - refusalLinesMax;
    if (leftOutCount > 0) this.#logger.warn({ leftOutCount }, "refused more requests than are logged");
    this.#lineCount = 0;
    this.#isCounting = false;
  }
}
