import { mebi } from "../flight/index.ts";

/** Limits of reads, lists, caches and compactions of a store, each with its reason. Counts are inclusive. */

/**
 * The maximum number of files that are read as one dataset. Their names and versions take about 300 bytes each, and a
 * read looks at all of them.
 */
export const folderFileCountMax = 100_000;

/**
 * The number of times that a folder is listed for a call. It is listed again if files that it had are gone after a second,
 * because a compaction may have replaced them. The second time, their footers are known, which takes less than a second.
 */
export const folderListCountMax = 4;

/** The number of files of all descriptions of folders that a store keeps: two of the largest, or many small ones. */
export const keptFolderFilesMax = 200_000;

/**
 * The number of names of replaced files that a store keeps in memory: those of ten compactions of the most files. A name
 * takes about 150 bytes.
 */
export const keptReplacedMax = 100_000;

/** The maximum number of files that a compaction joins into one. Their names and versions are in its footer. */
export const joinedFilesMax = 10_000;

/** The time that a compaction waits for reads of the joined files before it drops them, in milliseconds. */
export const compactReadsWaitMs = 60_000;

/**
 * The time after which replaced files that are still there are dropped by the next compaction, in milliseconds. Until then,
 * the compaction that joined them may still be at work, on this or another server.
 */
export const leftOverAgeMs = 2 * 60_000;

/**
 * The size of a file that a compaction sorts, in uncompressed bytes of its values. All of its rows are in memory, and the
 * main thread sorts them, a few milliseconds at a time. A row is compared with some twenty others.
 */
export const sortedFileBytesTarget = 64 * mebi;

/** The maximum number of rows of a file that a compaction sorts: each takes some hundred bytes while it is sorted. */
export const sortedRowsMax = 2 * mebi;

/** The maximum memory of the rows of a file that a compaction sorts. Values in dictionaries need more than their file says. */
export const sortedArrowBytesMax = 256 * mebi;

/** The number of folders that a compaction works on simultaneously: one waits for other servers while another is joined. */
export const compactedFoldersMax = 4;

/** The number of files that a compaction drops or looks at simultaneously. */
export const compactConcurrencyMax = 8;

/** The number of files that a read of a folder opens before their turn, so that the next rows are decoded meanwhile. */
export const filesAhead = 3;

/**
 * The size of a store's cache of decoded footers, in bytes. A typical footer needs a few kilobytes, so tens of
 * thousands of datasets are listed without opening their files again.
 */
export const factsCacheBytesMax = 64 * mebi;

/**
 * The size of a store's cache of FlightInfos and schemas as answers, in bytes. An answer without a wide schema needs a
 * few kilobytes, so it has those of the thousand datasets that clients ask for most.
 */
export const answerCacheBytesMax = 8 * mebi;

/**
 * The time that a store does not retry a file whose footer exceeded the time or memory limit of a job, in milliseconds.
 * A retry by each listing would cost a worker a minute each time. Without any retry, a busy hour would hide the file
 * forever.
 */
export const slowFileRetryMs = 600_000;

/** The number of datasets that a listing reads ahead. Each dataset that is not cached has an open file meanwhile. */
export const listingConcurrencyMax = 16;

/**
 * The number of bytes of a file that are read at a time to be sent: few calls, and little memory for a paused client.
 */
export const fileChunkBytes = mebi;

/**
 * The number of bytes of a dataset that are read between checks for changes of its file. The end of a read is always
 * checked.
 */
export const changeCheckBytes = 64 * mebi;
