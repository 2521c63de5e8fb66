import { mebi } from "../flight/index.ts";

/** Bounds that several folders of Parquet need; each with its reason. Counts are inclusive. */

/**
 * The maximum wasm memory of a worker in bytes, if the process enforces it (`tuneMemory`; wasm's own limit is 4 GiB). A
 * slice that needs more is decoded again in smaller slices. Decoding a row needs about three times its size.
 */
export const wasmMemoryBytesMax = 2048 * mebi;

/**
 * The maximum number of bytes of a row group that are read to check whether its rows can be skipped, and the maximum
 * size of a page to check. The check takes a few seconds, once. Rows of larger ones are decoded and dropped.
 */
export const skippedBytesMax = 1024 * mebi;
export const skippedPageBytesMax = 64 * mebi;

/** The number of files that a worker remembers, with their parsed footers. */
export const openFilesMax = 32;

/**
 * The rows and the bytes of a column up to which parquet-wasm writes one page. Then there are no statistics and no index of
 * pages.
 */
export const onePageRowsMax = 20_000;
export const onePageBytesMax = mebi;

/** Row groups of one file that wait for a worker, besides one at each: so that no worker waits for the socket. */
export const rowGroupsAhead = 1;

/**
 * If the rest after a part is at most this share of the part, the part includes it: the rest of a row group after a slice,
 * the rest of the rows after a decoded batch, or the rest of a received batch after equal row groups.
 */
export const tailShare = 0.25;
