import { setFlagsFromString } from "node:v8";

/**
 * The growth of the heap before V8 runs a full collection, in percent. Arrow data is outside of the heap but counts as
 * its growth. By default, V8 runs a full collection after every 16 MB of a stream. A third of the collections increase
 * throughput by a quarter and peak memory by a twentieth.
 */
const heapGrowingPercent = 900;

/** Makes V8 collect garbage less often, with the settings that can change at run time. */
export function tuneHeap(): void {
  setFlagsFromString(`--heap-growing-percent=${heapGrowingPercent}`);
}
