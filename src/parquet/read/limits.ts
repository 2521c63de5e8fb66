import { kibi, mebi } from "../../flight/index.ts";

/** Bounds of reading rows; each with its reason. Counts are inclusive. */

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
 * The minimum number of rows without a match that are left out. Fewer are decoded, because each separate span decodes
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

/**
 * The maximum number of bytes that are read for one slice before it is decoded. For a larger slice, a worker requests
 * the pages on demand.
 */
export const fetchedBytesMax = 64 * mebi;

/** The largest file that is read and decoded at once, in bytes: a thousand rows in a hundred columns. */
export const smallFileBytesMax = mebi;

/** The largest footer that is compared with known schemas, in bytes: a thousand columns in a few row groups. */
export const knownFooterBytesMax = mebi;

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

/** The maximum ratio of rows in the next slice to rows in the measured one, in case rows get larger. */
export const sliceGrowthMax = 16;

/** Slices that a reader has decoded, or is having decoded, besides the one it sends; none while others hold all. */
export const slicesAhead = 2;

/** More slices ahead of a reader by requests: the bytes of one arrive while workers decode the others. */
export const fetchedSlicesAhead = 1;

/**
 * The size at which a batch is cut, in bytes, with its header. By default, a Go client refuses messages over 4 MiB. The
 * rest is for the other fields of the message.
 */
export const batchMessageBytesMax = 4 * mebi - 64 * kibi;

/** The size of a body that is always allowed, in bytes. With more than 38,000 fields, a batch exceeds 4 MiB. */
export const batchBodyBytesMin = mebi;
