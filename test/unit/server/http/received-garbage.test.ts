import { constants, PerformanceObserver, type NodeGCPerformanceDetail } from "node:perf_hooks";
import { expect, test } from "vitest";
import { receivedGarbageBytes } from "../../../../src/server/http/limits.ts";
import { countReceived } from "../../../../src/server/http/received-garbage.ts";

test("young garbage is collected once for so many received bytes", async () => {
  const kinds: (number | undefined)[] = [];
  const observer = new PerformanceObserver((list) => {
    const entries = list.getEntries() as unknown as readonly { readonly detail: NodeGCPerformanceDetail }[];
    kinds.push(...entries.map(({ detail }) => detail.kind));
  });
  const chunkCount = 16;
  // The first one also sets the flag.
  countReceived(receivedGarbageBytes);
  observer.observe({ entryTypes: ["gc"] });
  for (let i = 0; i < 4 * chunkCount; i++) countReceived(receivedGarbageBytes / chunkCount);
  await expect.poll(() => kinds.filter((kind) => kind === constants.NODE_PERFORMANCE_GC_MINOR).length).toBe(4);
  observer.disconnect();
});
