import { mebi } from "../../flight/index.ts";

/**
 * Bytes read at the end of an object when it is opened. It equals Parquet's `fileEndBytesRead`, so that one request
 * opens a file and returns its footer and page indexes.
 */
export const openingBytesRead = 128 * 1024;

/** The size of the first parts of a multipart upload in bytes. A larger object is sent in parts while it arrives. */
export const partBytesMin = 8 * mebi;

/** The maximum size of a part in bytes. Parts grow with the object, because S3 allows only 10,000 of them. */
export const partBytesMax = 64 * mebi;

/** The number of parts before the size doubles: 1,000 of 8, 16 and 32 MiB each, and 7,000 of 64 MiB make 490 GiB. */
export const partsOfOneSize = 1000;

/** S3's maximum number of parts of an upload. */
export const partCountMax = 10_000;

/**
 * The number of parts of an upload that are sent at once. With the part that fills, an upload takes 24 MiB of memory.
 */
export const partsInFlightMax = 2;

/** The memory of all parts that fill, in bytes: 16 small ones. More parts fill in temporary files. */
export const fillingBytesMax = 128 * mebi;

/** The number of parts of all uploads that are sent at once: 64 MiB of small parts. */
export const partsInFlightTotalMax = 8;

/** The maximum number of connections to the bucket. Further requests wait. */
export const connectionCountMax = 64;

/** The time limit for opening a connection, in milliseconds. */
export const connectMsMax = 5000;

/** How long the bucket may send nothing, in milliseconds. After that, the request is repeated. */
export const silenceMsMax = 20_000;

/** How long a request is repeated, in milliseconds. A throttled or restarted bucket usually answers earlier. */
export const repeatMsMax = 60_000;

/** The first pause before a repetition, in milliseconds. The pauses double. */
export const firstPauseMs = 50;

/** The longest pause before a repetition, in milliseconds. */
export const longestPauseMs = 5000;

/** How often a change of any version is repeated if other servers replace the version. */
export const replacedCountMax = 16;

/** The age at which multipart uploads are removed, in milliseconds. No upload takes a day. */
export const abandonedMsMin = 24 * 60 * 60 * 1000;

/** The interval between removals of abandoned uploads, in milliseconds. */
export const sweepIntervalMs = 60 * 60 * 1000;

/** How long another server's put may be missing in listings by default, in milliseconds. */
export const defaultListedWithinMs = 5000;

/**
 * The time for each request of a listing, in milliseconds: at most 600 requests a minute. Beyond 25,000 datasets, the
 * listing is therefore refreshed less often than every 2.5 s.
 */
export const listIntervalMs = 100;

/** The number of requests for parts of a listing at once. */
export const listConcurrencyMax = 8;

/** The number of files in a page of the listing in memory, which is copied for a change: twice that of an answer. */
export const listedPageCountMax = 2000;

/** The maximum size of an object beside the datasets, in bytes. */
export const sideBytesMax = 16 * mebi;

/** How long a URL for a download may be used to begin it, in seconds. */
export const downloadSecondsMax = 900;
