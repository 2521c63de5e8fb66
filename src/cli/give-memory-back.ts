import { performance, type EventLoopUtilization } from "node:perf_hooks";
import { collectGarbage } from "../parquet/index.ts";

/** How often memory is looked at, in milliseconds; twice that after the last call it is given back. */
const checkMs = 5_000;

/** Which part of the time a thread may be at work that counts as idle: collecting stops it for some 50 ms. */
const idleUtilizationMax = 0.2;

/**
 * The growth of memory since the last collection that justifies another one, in bytes. The memory of a busy server
 * varies by less.
 */
const growthBytesMin = 16 * 1024 * 1024;

/** The values for the decision. */
export interface MemoryLook {
  /** Memory of the process that is resident, in bytes. */
  readonly residentBytes: number;
  /** Which part of the time since the last look the main thread was at work. */
  readonly utilization: number;
}

/**
 * Decides when to collect garbage: if the process is idle and its memory has grown since the last collection. So there
 * is one collection for each growth.
 */
export class IdleCollection {
  /** The least memory since the last collection. */
  #leastBytes = Infinity;

  /** Returns whether to collect garbage now. The next check sees the result. */
  isDue({ residentBytes, utilization }: MemoryLook): boolean {
    this.#leastBytes = Math.min(this.#leastBytes, residentBytes);
    if (utilization > idleUtilizationMax || residentBytes < this.#leastBytes + growthBytesMin) return false;
    this.#leastBytes = Infinity;
    return true;
  }
}

/**
 * Collects garbage whenever the process becomes idle. V8 collects only when it allocates, so an idle server would
 * otherwise keep its garbage.
 */
export function giveMemoryBack(): void {
  const collection = new IdleCollection();
  let last: EventLoopUtilization = performance.eventLoopUtilization();
  setInterval(() => {
    const { utilization } = performance.eventLoopUtilization(last);
    last = performance.eventLoopUtilization();
    if (collection.isDue({ residentBytes: process.memoryUsage.rss(), utilization })) collectGarbage();
  }, checkMs).unref();
}
