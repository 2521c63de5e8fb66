const mebi = 1024 * 1024;

/** Which part of the time a thread may be at work that counts as idle: a collection stops it for some 100 ms. */
const idleUtilizationMax = 0.2;

/** How much more memory than after the last collection is worth another, in bytes: less is what a server at work varies by. */
const growthBytesMin = 16 * mebi;

/** How much clients must hold for garbage to be collected anew without growth, in bytes: an idle server has some 7 MB. */
const heldBytesMin = 16 * mebi;

/** How long after a collection that is done, in milliseconds: it bounds collections to less than a percent of the time. */
const heldIntervalMs = 30_000;

/** How much growth is enough then, in bytes: what the last calls of a load leave behind. */
const lateGrowthBytesMin = 4 * mebi;

/** How often free memory is given back while the process is at work, in milliseconds: it takes most of it again. */
const busyTrimIntervalMs = 30_000;

/** What a decision is made of. */
export interface MemoryLook {
  /** Memory of the process that is resident, in bytes. */
  readonly residentBytes: number;
  /** Memory outside of the heap that JavaScript's objects hold, such as buffers, in bytes. */
  readonly externalBytes: number;
  /** How long the main thread was at work since the last look, in milliseconds. */
  readonly active: number;
  /** How long it waited, in milliseconds. */
  readonly idle: number;
}

/** What is to be done: `trim` gives free memory back to the system, `collect` collects garbage before. */
export type MemoryStep = "collect" | "trim" | "none";

/**
 * Decides when memory is given back. Garbage is collected while the process is idle: once after each growth, soon where it is
 * large, and from time to time while clients that pause hold memory, as nothing shows that they have left.
 */
export class MemoryPlan {
  /** The least memory since the last collection. */
  #residentBytes = Infinity;
  #externalBytes = Infinity;
  #sinceCollectionMs = 0;
  #sinceTrimMs = 0;

  /** Returns what is to be done now. */
  next({ residentBytes, externalBytes, active, idle }: MemoryLook): MemoryStep {
    this.#residentBytes = Math.min(this.#residentBytes, residentBytes);
    this.#externalBytes = Math.min(this.#externalBytes, externalBytes);
    this.#sinceCollectionMs += active + idle;
    this.#sinceTrimMs += active + idle;
    const isIdle = active <= idleUtilizationMax * (active + idle);
    if (isIdle && this.#isCollectionDue(residentBytes)) {
      this.#residentBytes = this.#externalBytes = Infinity;
      this.#sinceCollectionMs = this.#sinceTrimMs = 0;
      return "collect";
    }
    if (!isIdle && this.#sinceTrimMs < busyTrimIntervalMs) return "none";
    this.#sinceTrimMs = 0;
    return "trim";
  }

  #isCollectionDue(residentBytes: number): boolean {
    const growthBytes = residentBytes - this.#residentBytes;
    if (this.#sinceCollectionMs < heldIntervalMs) return growthBytes >= growthBytesMin;
    return growthBytes >= lateGrowthBytesMin || this.#externalBytes >= heldBytesMin;
  }
}
