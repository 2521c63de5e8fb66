import { kibi, mebi } from "../../flight/index.ts";

/** Bounds of writing; each with its reason. Counts are inclusive. */

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
 * The number of Arrow bytes of one file that are encoded at a time, unless one row group has more. Each row group
 * includes all dictionaries of the file. The usual amount is smaller: 16 MiB for each of four workers, and one more.
 */
export const encodingBytesMax = 96 * mebi;

/** How deep the fields of a schema may be nested: parquet-wasm reads the tables of an Arrow schema no deeper. */
export const storedDepthMax = 61;

/** How deep the nodes of a Parquet schema may be nested, lists counting twice: other readers go no deeper. */
export const storedNodeDepthMax = 99;
