import { mebi } from "../flight/index.ts";

/** The part of the time that a thread may be active and still count as idle. A collection stops it for about 100 ms. */
const idleUtilizationMax = 0.2;

/** The memory growth since the last collection that justifies another one, in bytes. A busy server varies by less. */
const growthBytesMin = 16 * mebi;

/**
 * The memory that clients must hold to justify a collection without growth, in bytes. An idle server has about 7 MB.
 */
const heldBytesMin = 16 * mebi;

/**
 * The minimum time between collections without much growth, in milliseconds: less than 1% of the time is spent on them.
 */
const heldIntervalMs = 30_000;

/** The growth that justifies a collection after this time, in bytes: the garbage of the last calls of a load. */
const lateGrowthBytesMin = 4 * mebi;

/**
 * The interval for giving free memory back while the process is busy, in milliseconds. The process soon needs most of
 * it again.
 */
const busyTrimIntervalMs = 30_000;

/** The input of a decision. */
export interface MemoryLook {
  /** The resident memory of the process in bytes. */
  readonly residentBytes: number;
  /** The memory that JavaScript objects hold outside of the heap, such as buffers, in bytes. */
  readonly externalBytes: number;
  /** How long the main thread was active since the last check, in milliseconds. */
  readonly active: number;
  /** How long it was idle, in milliseconds. */
  readonly idle: number;
}

/** The next step: `trim` gives free memory back to the system, `collect` collects garbage first. */
export type MemoryStep = "collect" | "trim" | "none";

/**
 * Decides when to give memory back. It collects garbage while the process is idle: after growth, soon if the growth is
 * large. It also does so at intervals while paused clients hold memory, because nothing shows when they leave.
 */
export class MemoryPlan {
  /** The smallest memory since the last collection. */
  #residentBytes = Infinity;
  #externalBytes = Infinity;
  #sinceCollectionMs = 0;
  #sinceTrimMs = 0;

  /** Returns the next step. */
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
