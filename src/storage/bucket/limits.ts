const mebi = 1024 * 1024;

/**
 * Bytes of the end of an object that are read when it is opened: the same as Parquet's `fileEndBytesRead`, so that one
 * request opens a file and gives its footer and page indexes.
 */
export const openingBytesRead = 128 * 1024;

/** Bytes of the first parts of a multipart upload: a larger object is sent in parts, while it is still arriving. */
export const partBytesMin = 8 * mebi;

/** Bytes of a part at most. Parts become larger as an object grows, because S3 takes 10,000 of them. */
export const partBytesMax = 64 * mebi;

/** Parts of one size, before the size doubles: 1,000 of 8, 16 and 32 MiB, and 7,000 of 64 MiB are 490 GiB. */
export const partsOfOneSize = 1000;

/** Parts of one upload, as S3 has it. */
export const partCountMax = 10_000;

/** Parts of one upload that are sent at once: with the one that fills, 24 MiB of an upload are in memory. */
export const partsInFlightMax = 2;

/** Parts of all uploads together that are sent at once: 64 MiB of small parts. */
export const partsInFlightTotalMax = 8;

/** Connections to the bucket at once; further requests wait for one. */
export const connectionCountMax = 64;

/** How long a connection may take to open, in milliseconds. */
export const connectMsMax = 5000;

/** How long the bucket may send nothing, in milliseconds, before the request is made again. */
export const silenceMsMax = 20_000;

/** How long one request is repeated, in milliseconds: a bucket that is throttled or restarted answers before that. */
export const repeatMsMax = 60_000;

/** The first pause before a request is repeated, in milliseconds. It doubles. */
export const firstPauseMs = 50;

/** The longest pause before a request is repeated, in milliseconds. */
export const longestPauseMs = 5000;

/** How often a change for any version looks for the current one again, when other servers replace it. */
export const replacedCountMax = 16;

/** The age of multipart uploads that are removed, in milliseconds: no upload takes a day. */
export const abandonedMsMin = 24 * 60 * 60 * 1000;

/** How often abandoned uploads are looked for, in milliseconds. */
export const sweepIntervalMs = 60 * 60 * 1000;
