import { availableParallelism } from "node:os";
import { fieldCountMax } from "../arrow/index.ts";
import { kibi, mebi } from "../flight/index.ts";

/** Bounds of reading and writing Parquet, in one place; each with its reason. Counts are inclusive. */

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

/** The message that is of usual size, in bytes: clients cut batches to one or two MiB. Larger ones leave room for such. */
export const smallMessageBytesMax = 4 * mebi;

/** The fraction of the upload budget for large messages and decompressed data. The rest is for small messages. */
export const largeClaimShareMax = 0.75;

/** How long a message may wait for room, in milliseconds, before its put is refused: ten stalled messages, one after the other. */
export const claimTimeoutMs = 120_000;

/** The interval between checks of messages that hold memory while others wait for it, in milliseconds. */
export const stalledCheckMs = 1_000;

/**
 * While others wait for its memory, a message must bring so many bytes in so many milliseconds: 64 KiB a second.
 */
export const stalledBytesMin = 640 * kibi;
export const stalledTimeMs = 10_000;

/**
 * The number of bytes that puts must have held since the last garbage collection before idle time is used for another
 * one. A collection takes about 50 ms.
 */
export const garbageBytesMin = 64 * mebi;

/** The time after the last put until that collection, in milliseconds. */
export const garbageDelayMs = 1_000;

/** The wasm memory at which a worker is replaced, in bytes: it never shrinks, and a usual job needs a fifth of it. */
export const workerMemoryBytesMax = 512 * mebi;

/** The wasm memory at which a worker is replaced that has nothing to do, in bytes: a new one has 2 MB, and takes 100 ms. */
export const idleWorkerMemoryBytesMax = 16 * mebi;

/**
 * The wasm memory that is reserved for the columns of a job, in bytes for each, and for all of the job. Decoding needs 20 to
 * 50 KB for a column, and encoding 40 to 60.
 */
export const reservedColumnBytes = 24 * kibi;
export const reservedBytesMax = 256 * mebi;

/**
 * How long a pool has nothing to do before that, and a worker before it collects its garbage, in milliseconds: calls come one
 * after another.
 */
export const idleWorkerDelayMs = 10_000;

/**
 * The maximum wasm memory of a worker in bytes, if the process enforces it (`tuneMemory`; wasm's own limit is 4 GiB). A
 * slice that needs more is decoded again in smaller slices. Decoding a row needs about three times its size.
 */
export const wasmMemoryBytesMax = 2048 * mebi;

/** The largest footer that is read, in bytes: 1,000 columns in 1,000 row groups take some 100 MB. */
export const footerBytesMax = 256 * mebi;

/** Nodes of a footer's schema: four for each field of an Arrow schema, as a list of lists has. A node takes 3 bytes, and 200 in memory. */
export const footerNodesMax = 4 * fieldCountMax;

/**
 * The maximum number of row groups in a footer. Without columns, a row group needs only a few bytes. No writer creates
 * row groups this small.
 */
export const footerRowGroupsMax = 262_144;

/** Entries of a footer's key-value metadata, as many as a schema may have. */
export const footerEntriesMax = fieldCountMax;

/**
 * The maximum size of the paths of all columns in a footer, in bytes: 65,536 columns in groups whose names have a
 * kilobyte together.
 */
export const footerPathBytesMax = 64 * mebi;

/**
 * Values of a footer, or of another Thrift structure, that are decoded: a value takes about 100 bytes, and a struct as much
 * as four. A footer of 65,536 columns has 4 million; 1,000 columns have them in 100 row groups.
 */
export const thriftValuesMax = 8 * mebi;

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

/**
 * The maximum number of pages of a row group to make a page index. A usual page has a megabyte, and reading a header
 * takes some microseconds.
 */
export const indexedPagesMax = 65_536;

/** The largest page index of a column chunk that is looked at, in bytes: as many pages take at most some 30 bytes each. */
export const indexBytesMax = 2 * mebi;

/**
 * The largest column chunk of lists whose levels are counted to compare its page index with them, in bytes: it takes some
 * 100 ms, once. The index of a larger one is believed as far as headers of pages agree with it.
 */
export const countedLevelsBytesMax = 32 * mebi;

/** Bytes to read to find a page header, and the upper limit for a longer header. It has the statistics of its page. */
export const headerBytesRead = 2048;
export const headerBytesMax = mebi;

/**
 * The maximum number of bytes of a row group that are read to check whether its rows can be skipped, and the maximum
 * size of a page to check. The check takes a few seconds, once. Rows of larger ones are decoded and dropped.
 */
export const skippedBytesMax = 1024 * mebi;
export const skippedPageBytesMax = 64 * mebi;

/** The maximum number of pages to check for the reason of a decoding failure. The check takes a few seconds at most. */
export const explainedPagesMax = 4096;

/**
 * The largest footer whose statistics are decoded, in bytes. Decoding needs several times as much memory. For a larger
 * footer, a filter reads all rows, and there are no column statistics.
 */
export const statisticsFooterBytesMax = 32 * mebi;

/** Rows between two pages that may match a filter, which are rather decoded than made another job of. */
export const prunedRowsMin = 8192;

/**
 * The minimum encoded size of rows to decode the columns of a filter first, in bytes. Then the other columns are decoded
 * only where rows meet the filter.
 */
export const narrowedBytesMin = 8 * mebi;

/** The number of rows whose filter columns one job decodes: at first, and at most. */
export const narrowedRowsMin = 128 * kibi;
export const narrowedRowsMax = 1024 * kibi;

/** The number of rows that such a job decodes at a time. */
export const narrowedBatchRows = 16 * kibi;

/**
 * The minimum number of rows without a match that are left out. Fewer are decoded, because each separate segment decodes
 * the dictionaries of its columns again.
 */
export const narrowedGapRowsMin = 128 * kibi;

/** The maximum share of rows that are left for the filter to be worth its time, as its columns are decoded twice. */
export const narrowedShareMax = 0.5;

/**
 * The maximum number of times that rows are read without such a job, after a job that left no rows out. The number doubles
 * each time.
 */
export const narrowingPauseMax = 16;

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

/**
 * The maximum number of bytes that are read for one slice before it is decoded. For a larger slice, a worker requests
 * the pages on demand.
 */
export const fetchedBytesMax = 64 * mebi;

/** Bytes that are read for slices of all readers, and not yet decoded: what four workers decode, and as much ahead. */
export const fetchedBytesHeldMax = 128 * mebi;

/** The largest file that is read and decoded at once, in bytes: a thousand rows in a hundred columns. */
export const smallFileBytesMax = mebi;

/** The largest footer that is compared with known schemas, in bytes: a thousand columns in a few row groups. */
export const knownFooterBytesMax = mebi;

/** The largest footer whose presentation is remembered for others of its schema, in bytes: a few hundred columns. */
export const rememberedFooterBytesMax = 64 * kibi;

/** The maximum number of row groups in such a footer. */
export const knownRowGroupsMax = 64;

/** Files that a worker keeps open in its mind, with their parsed footers. */
export const openFilesMax = 32;

/** A row group with more bytes, because of a single row or a dictionary, is encoded in the simplest way. */
export const hugeGroupBytesMin = 128 * mebi;

/** The largest row that is stored, in bytes: encoding one takes a worker six times as much (`wasmMemoryBytesMax`). */
export const storedRowBytesMax = 256 * mebi;

/**
 * The maximum number of columns that parquet-wasm encodes at a time. It allocates a mebibyte for each column that it
 * encodes as differences.
 */
export const encodedColumnsMax = 128;

/**
 * The size from which the columns of the only row group of a file are divided among idle workers, in Arrow bytes: it takes
 * a worker some milliseconds, and another job half of one.
 */
export const dividedGroupBytesMin = 512 * kibi;

/**
 * The rows of a row group from which the encodings of its columns are used for the next ones, although they are only
 * guessed.
 */
export const guessedRowsMin = 512;

/**
 * The rows and the bytes of a column up to which parquet-wasm writes one page. Then there are no statistics and no index of
 * pages.
 */
export const onePageRowsMax = 20_000;
export const onePageBytesMax = mebi;

/** Row groups of one file that wait for a worker, besides one at each: so that no worker waits for the socket. */
export const rowGroupsAhead = 1;

/**
 * The number of Arrow bytes of one file that are encoded at a time, unless one row group has more. Each row group
 * includes all dictionaries of the file. The usual amount is smaller: 16 MiB for each of four workers, and one more.
 */
export const encodingBytesMax = 96 * mebi;

/** The number of Arrow bytes that a reader decodes at a time: a row group of this package. */
export const sliceBytesTarget = 16 * mebi;

/**
 * The number of Arrow bytes that a reader decodes at a time from a much larger row group. Without page indexes, each
 * slice reads all columns of its row group from the disk.
 */
export const sliceBytesMax = 64 * mebi;

/**
 * The number of Arrow bytes of a column that a slice should have. Starting to decode a column takes as long as decoding
 * so many bytes of it, so slices of wide files are larger.
 */
export const columnBytesMin = 16 * kibi;

/** The expected size of a value in Arrow, in bytes: a number, or an offset and a short string. */
export const valueBytesMin = 8;

/**
 * The number of rows that parquet-wasm decodes at a time, unless they have more than `decodedBytesMax`. Each time costs
 * some microseconds for each column. The batches that are sent may have fewer.
 */
export const decodedRowsMin = 4096;

/** The number of Arrow bytes to which that is limited. */
export const decodedBytesMax = 16 * mebi;

/**
 * The number of bytes that each column should have in a batch. Wide files get batches of up to `batchMessageBytesMax`,
 * because each batch costs the client some microseconds for each column.
 */
export const batchColumnBytes = 4 * kibi;

/** The ratio of bytes read to bytes decoded from which the slices of a row group get their maximum size. */
export const costlyRatioMin = 4;

/** The number of Arrow bytes that a reader decodes at a time while other readers use the budget. */
export const sliceBytesMin = 2 * mebi;

/** By how much others must hold more than they may, in bytes, before a reader gets less than that: 64 small slices. */
export const crowdedBytesMin = 128 * mebi;

/**
 * The number of Arrow bytes that a reader decodes at a time in that case. A thousand paused readers hold half a
 * gigabyte.
 */
export const sliceBytesCrowded = 256 * kibi;

/**
 * The number of Arrow bytes that a reader decodes first. It takes a few milliseconds, and measures the size of rows.
 */
export const firstSliceBytes = 256 * kibi;

/** The maximum number of rows in a first slice, because the footer may underestimate the Arrow size of rows. */
export const firstSliceRowsMax = 8192;

/**
 * The encoded bytes and the rows of a row group of which two workers decode half each, if nothing else is read. A smaller
 * one takes less time than another job, and each half of one page would read all of it. Of a larger one, the first slice is
 * small, and its measured size determines the others.
 */
export const sharedBytesMin = 512 * kibi;
export const sharedBytesMax = 4 * mebi;
export const sharedRowsMax = 65_536;

/**
 * If the rest after a part is at most this share of the part, the part includes it: the rest of a row group after a slice,
 * the rest of the rows after a decoded batch, or the rest of a received batch after equal row groups.
 */
export const tailShare = 0.25;

/** The maximum ratio of rows in the next slice to rows in the measured one, in case rows get larger. */
export const sliceGrowthMax = 16;

/** Slices that a reader has decoded, or is having decoded, besides the one it sends; none while others hold all. */
export const slicesAhead = 2;

/**
 * The size at which a batch is cut, in bytes, with its header. By default, a Go client refuses messages over 4 MiB. The
 * rest is for the other fields of the message.
 */
export const batchMessageBytesMax = 4 * mebi - 64 * kibi;

/** The size of a body that is always allowed, in bytes. With more than 38,000 fields, a batch exceeds 4 MiB. */
export const batchBodyBytesMin = mebi;

/** How deep the fields of a schema may be nested: parquet-wasm reads the tables of an Arrow schema no deeper. */
export const storedDepthMax = 61;

/** How deep the nodes of a Parquet schema may be nested, lists counting twice: other readers go no deeper. */
export const storedNodeDepthMax = 99;
