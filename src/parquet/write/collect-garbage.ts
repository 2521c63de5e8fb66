import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { garbageBytesMin, garbageDelayMs } from "../limits.ts";

/** Collects all garbage now. Node offers it to those that start it with a flag only, which may be set later. */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options: object) => void;
  // The flavor that gives most back: it looks again until nothing is left, and shrinks the heap.
  collect({ type: "major", execution: "sync", flavor: "last-resort" });
}

/**
 * Frees what puts have left behind, once there are none: their memory lies outside of V8's heap, and a server without work
 * allocates nothing that would make V8 look for it.
 */
export class GarbageCollector {
  readonly #isIdle: () => boolean;
  #passedBytes = 0;
  #isWaiting = false;

  /** @param isIdle - whether there are no puts */
  constructor(isIdle: () => boolean) {
    this.#isIdle = isIdle;
  }

  /** Says that there are no puts any more. @param passedBytes - what they have held in all, one after the other, in bytes */
  whenIdle(passedBytes: number): void {
    this.#passedBytes += passedBytes;
    if (this.#isWaiting || this.#passedBytes < garbageBytesMin) return;
    this.#isWaiting = true;
    // Puts come one after another; and what a stream that was cut leaves behind is let go of a little later.
    setTimeout(() => {
      this.#isWaiting = false;
      if (!this.#isIdle()) return;
      this.#passedBytes = 0;
      collectGarbage();
    }, garbageDelayMs).unref();
  }
}
