import { performance, type EventLoopUtilization } from "node:perf_hooks";
import { collectGarbage } from "../parquet/index.ts";
import { loadTrim } from "./load-trim.ts";
import { MemoryPlan } from "./memory-plan.ts";

/** The interval between checks of the memory, in milliseconds. */
const checkMs = 5_000;

/**
 * Regularly gives unused memory back to the system. V8 collects garbage only while the program allocates memory, and
 * the allocator keeps freed memory. So a server would keep its peak memory.
 */
export async function giveMemoryBack(): Promise<void> {
  const trim = await loadTrim();
  const plan = new MemoryPlan();
  let last: EventLoopUtilization = performance.eventLoopUtilization();
  setInterval(() => {
    const { active, idle } = performance.eventLoopUtilization(last);
    const { rss: residentBytes, external: externalBytes } = process.memoryUsage();
    const step = plan.next({ residentBytes, externalBytes, active, idle });
    if (step === "collect") collectGarbage();
    if (step !== "none") trim?.();
    // The time of the collection does not count as activity.
    last = performance.eventLoopUtilization();
  }, checkMs).unref();
}
