import { availableParallelism } from "node:os";
import { kibi, mebi } from "../../flight/index.ts";

/** Bounds of workers, and of what they read; each with its reason. Counts are inclusive. */

/** Worker threads of a pool: more than the cores only wait for each other, and each takes about 100 MB. */
export const defaultWorkerCount = Math.min(4, availableParallelism());

/**
 * How long a job may run, in milliseconds: a row group takes some 50 ms, a slice at the end of a foreign row
 * group of gigabytes some seconds, on a busy machine several times as much.
 */
export const defaultJobTimeoutMs = 60_000;

/** The number of files that one job describes, if their schemas are known. Each takes about 20 µs. */
export const describedFilesMax = 16;

/** The time limit for a thread to end, in milliseconds. It needs a few, unless the disk has failed. */
export const threadEndTimeoutMs = 5_000;

/**
 * The number of decoded bytes that all readers of a pool may hold before new readers get only small slices: enough for
 * three fast readers, or for sixty-four small slices.
 */
export const defaultReadAheadBytesMax = 128 * mebi;

/**
 * The number of bytes that all writers of a pool may hold, besides one message each, before they wait: enough for eight
 * fast writers with a row group of 16 MiB each. Up to half of it may be dictionaries, which stay until their put ends;
 * more are refused. Encoding needs about as much again for the data that is being encoded.
 */
export const defaultUploadBytesMax = 512 * mebi;

/** The wasm memory at which a worker is replaced, in bytes: it never shrinks, and a usual job needs a fifth of it. */
export const workerMemoryBytesMax = 512 * mebi;

/** The wasm memory at which a worker is replaced that has nothing to do, in bytes: a new one has 2 MB, and takes 100 ms. */
export const idleWorkerMemoryBytesMax = 16 * mebi;

/**
 * How long a pool has nothing to do before it replaces such workers, and a worker before it collects its garbage, in
 * milliseconds: calls come one after another.
 */
export const idleWorkerDelayMs = 10_000;

/**
 * The wasm memory that is reserved for the columns of a job, in bytes for each, and for all of the job. Decoding needs 20 to
 * 50 KB for a column, and encoding 40 to 60.
 */
export const reservedColumnBytes = 24 * kibi;
export const reservedBytesMax = 256 * mebi;

/**
 * The minimum size of a row group without a page index to make one for it, in bytes of the file. For a smaller row
 * group, reading all of its columns takes less time than reading the headers of its pages.
 */
export const indexedGroupBytesMin = 32 * mebi;

/**
 * The maximum size of a footer to make page indexes for its row groups, in bytes. Our parser is slower than that of
 * parquet-wasm, and a file of large row groups has a small footer.
 */
export const indexedFooterBytesMax = 4 * mebi;

/** The file up to which parquet-wasm reads it whole, in bytes: it counts in 32 bits, and falls over beyond. */
export const reachableBytesMax = 4 * 1024 * mebi - 1;

/**
 * The number of bytes at the end of a file that are read first from a remote storage. They contain the footer and the
 * page indexes of most files. Fewer bytes would hardly be faster.
 */
export const fileEndBytesRead = 128 * kibi;

/** The maximum number of bytes in one request. Large requests are faster, because each takes about 10 ms. */
export const requestBytesMax = 8 * mebi;

/** The minimum number of bytes in an unplanned request. It is doubled, up to the maximum, while a job reads on. */
export const requestBytesMin = 256 * kibi;

/** Bytes between two ranges that are read along rather than make a request more. */
export const requestGapBytesMax = mebi;

/** Requests of one slice that run at the same time. */
export const requestConcurrencyMax = 4;

/** Bytes that are read for slices of all readers, and not yet decoded: what four workers decode, and as much ahead. */
export const fetchedBytesHeldMax = 128 * mebi;

/**
 * The sizes of reads, in bytes, whose memory a worker keeps for its next job: those of a wide row group. The allocator
 * itself keeps the memory of smaller reads.
 */
export const keptReadBytesMin = 16 * mebi;
export const keptReadBytesMax = 40 * mebi;
