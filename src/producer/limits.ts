import { mebi } from "../flight/index.ts";

/** Limits of calls to a producer, each with its reason. Counts are inclusive. */

/**
 * The maximum size of the unread acknowledgements of one put, in bytes. A client that never reads them does not slow
 * its put down. Above the limit, the put fails with RESOURCE_EXHAUSTED. 16 bytes for each of 100,000 batches need a
 * quarter of it.
 */
export const acknowledgementBytesMax = 64 * mebi;

/** How often a read starts again because its dataset is replaced before its first batch. Each time, another put ended. */
export const restartCountMax = 8;
