import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { garbageBytesMin, garbageDelayMs } from "./limits.ts";

/** Collects all garbage now. Node has a flag for it, which can also be set at run time. */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as (options: object) => void;
  // This flavor frees the most: it repeats until nothing is left, and shrinks the heap.
  collect({ type: "major", execution: "sync", flavor: "last-resort" });
}

/**
 * Frees the memory of ended puts when the server is idle. The memory is outside of V8's heap, and an idle server
 * allocates nothing that would start a collection.
 */
export class GarbageCollector {
  readonly #isIdle: () => boolean;
  #passedBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param isIdle - returns whether there are no puts */
  constructor(isIdle: () => boolean) {
    this.#isIdle = isIdle;
  }

  /** Reports that the last put has ended. @param passedBytes - the total bytes that the puts have held */
  whenIdle(passedBytes: number): void {
    this.#passedBytes += passedBytes;
    if (this.#passedBytes < garbageBytesMin) return;
    // More puts may follow soon: one after another, they are idle between two. An aborted stream is released later.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#collect(), garbageDelayMs).unref();
  }

  #collect(): void {
    if (!this.#isIdle()) return;
    this.#passedBytes = 0;
    collectGarbage();
  }
}
