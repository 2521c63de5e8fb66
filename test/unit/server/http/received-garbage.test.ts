import { constants, PerformanceObserver, type NodeGCPerformanceDetail } from "node:perf_hooks";
import { expect, test } from "vitest";
import { receivedGarbageBytes } from "../../../../src/server/http/limits.ts";
import { countReceived } from "../../../../src/server/http/received-garbage.ts";

test("young garbage is collected once for so many received bytes", async () => {
  const details: NodeGCPerformanceDetail[] = [];
  const observer = new PerformanceObserver((list) => {
    const entries = list.getEntries() as unknown as readonly { readonly detail: NodeGCPerformanceDetail }[];
    details.push(...entries.map(({ detail }) => detail));
  });
  // V8 collects by itself as well.
  const isForced = ({ kind, flags }: NodeGCPerformanceDetail): boolean =>
    kind === constants.NODE_PERFORMANCE_GC_MINOR && flags === constants.NODE_PERFORMANCE_GC_FLAGS_FORCED;
  const chunkCount = 16;
  // The first one also sets the flag.
  countReceived(receivedGarbageBytes);
  observer.observe({ entryTypes: ["gc"] });
  for (let i = 0; i < 4 * chunkCount; i++) countReceived(receivedGarbageBytes / chunkCount);
  await expect.poll(() => details.filter(isForced).length).toBe(4);
  observer.disconnect();
});
