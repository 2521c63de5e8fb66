import { setImmediate as nextTurn } from "node:timers/promises";

/** How long one request may occupy the event loop before others have a turn, in milliseconds. */
const turnMs = 10;

/**
 * Shares the event loop with other requests. A stream of many small messages that have already arrived would not wait
 * otherwise.
 */
export class Turns {
  #since = performance.now();

  /** Waits for the next turn of the event loop if the current one has taken long. */
  async share(): Promise<void> {
    if (performance.now() - this.#since < turnMs) return;
    await nextTurn();
    this.#since = performance.now();
  }
}
