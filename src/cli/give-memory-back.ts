import { performance, type EventLoopUtilization } from "node:perf_hooks";
import { collectGarbage } from "../parquet/index.ts";

/** How often memory is looked at, in milliseconds; twice that after the last call it is given back. */
const checkMs = 5_000;

/** Which part of the time a thread may be at work that counts as idle: collecting stops it for some 50 ms. */
const idleUtilizationMax = 0.2;

/** How much more memory than after the last collection is worth another, in bytes: less is what a server at work varies by. */
const growthBytesMin = 16 * 1024 * 1024;

/** What the decision is made of. */
export interface MemoryLook {
  /** Memory of the process that is resident, in bytes. */
  readonly residentBytes: number;
  /** Which part of the time since the last look the main thread was at work. */
  readonly utilization: number;
}

/**
 * Decides when garbage is collected: while the process is idle, and has grown since the last collection. So there is one
 * for each growth, not one after another where memory is in use.
 */
export class IdleCollection {
  /** The least memory since the last collection. */
  #leastBytes = Infinity;

  /** Says whether garbage is to be collected now; the look after that tells what is left. */
  isDue({ residentBytes, utilization }: MemoryLook): boolean {
    this.#leastBytes = Math.min(this.#leastBytes, residentBytes);
    if (utilization > idleUtilizationMax || residentBytes < this.#leastBytes + growthBytesMin) return false;
    this.#leastBytes = Infinity;
    return true;
  }
}

/**
 * Has V8 collect its garbage whenever the process has come to rest, for as long as it runs. V8 looks for garbage when
 * something is allocated, so a server that has had much to do would keep all of it until there is more.
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
