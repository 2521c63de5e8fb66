import { performance, type EventLoopUtilization } from "node:perf_hooks";
import { collectGarbage } from "../parquet/index.ts";
import { loadTrim } from "./load-trim.ts";
import { MemoryPlan } from "./memory-plan.ts";

/** How often memory is looked at, in milliseconds. */
const checkMs = 5_000;

/**
 * Gives memory back that nobody uses, for as long as the process runs. V8 looks for garbage when something is allocated, and
 * the allocator keeps what was freed, so a server that has had much to do would keep all of it.
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
    // What collecting took is not work.
    last = performance.eventLoopUtilization();
  }, checkMs).unref();
}
