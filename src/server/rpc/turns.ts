import { setImmediate as nextTurn } from "node:timers/promises";

/** How long one request may keep the event loop before others have their turn, in milliseconds. */
const turnMs = 10;

/** Lets others have their turn: a stream of many small messages that are here already would not wait for anything. */
export class Turns {
  #since = performance.now();

  /** Waits for the next turn of the event loop if the current one has taken long. */
  async share(): Promise<void> {
    if (performance.now() - this.#since < turnMs) return;
    await nextTurn();
    this.#since = performance.now();
  }
}
