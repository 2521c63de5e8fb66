import type { MessagePort } from "node:worker_threads";
import type { FlightFrame } from "../../flight/index.ts";
import type { Scalar } from "../../arrow/index.ts";
import type { BoundFilter } from "../../filter/index.ts";
import type { FileRange } from "../format/column-chunks.ts";
import type { ColumnEncodings } from "../format/column-encodings.ts";
import type { PlacedRowGroup } from "../format/place-row-group.ts";
import type { Explanation } from "../read/explain-page.ts";
import type { RowSpan } from "../read/read-plan.ts";

/** An open file of this process. */
export interface OpenFile {
  /** Identifies the version of the file. Workers keep its parsed footer for the next job that reads the version. */
  readonly id: string;
  /**
   * A descriptor that every thread can read. Without one, the worker gets the job's pieces and requests other bytes.
   */
  readonly fd?: number | undefined;
  readonly byteLength: number;
  /** The flatbuffer `Message` of the schema that parquet-wasm uses; by default, the file's own. */
  readonly shownSchema?: Uint8Array | undefined;
}

/** Bytes that were read for a job. */
export interface FilePiece {
  /** The offset of the bytes in the file. */
  readonly start: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** A request for bytes of the job's file, from `start` to `end` (exclusive). The worker blocks until they arrive. */
export interface BytesRequest {
  readonly start: number;
  readonly end: number;
}

/** The requested bytes, or the reason why they could not be read. */
export type BytesAnswer = { readonly bytes: Uint8Array<ArrayBuffer> } | { readonly failure: string };

/** The channel for requests. The worker waits until `signal` is not 0, and then takes the answer. */
export interface BytesChannel {
  readonly port: MessagePort;
  readonly signal: Int32Array<SharedArrayBuffer>;
}

/** Reads the schema and the sizes of a file. */
export interface DescribeJob {
  readonly kind: "describe";
  readonly file: OpenFile;
}

/** Describes files whose schemas the worker knows. The result has nothing for each other file. */
export interface DescribeKnownJob {
  readonly kind: "describe-known";
  readonly files: readonly OpenFile[];
}

/** The schema and the sizes of a file. */
export interface FileDescription {
  /** The flatbuffer `Message` of the schema of its batches. */
  readonly schemaHeader: Uint8Array;
  /** As in `OpenFile`, for later jobs. */
  readonly shownSchema?: Uint8Array | undefined;
  /** The rows and the uncompressed bytes of each row group. */
  readonly rowGroups: readonly { readonly rowCount: number; readonly byteLength: number }[];
}

/** Finds the byte ranges that a decode job reads. The result is empty if they are too large to hold. */
export interface RangesJob extends Omit<DecodeJob, "kind"> {
  readonly kind: "ranges";
}

/** The byte ranges of a slice. */
export interface PlannedRanges {
  readonly ranges: readonly FileRange[];
  /** Whether they are sufficient for any rows of the row groups. */
  readonly isWhole: boolean;
}

/** Decodes rows of one row group, or all rows of several. */
export interface DecodeJob {
  readonly kind: "decode";
  readonly file: OpenFile;
  /** The bytes that were read for the job. Their buffers belong to the worker. */
  readonly pieces?: readonly FilePiece[];
  /** The schema of the whole file. */
  readonly schemaHeader: Uint8Array;
  /** The indices of the top-level columns, in ascending order; all by default. */
  readonly columnIndices?: readonly number[];
  /** At least one, in ascending order. */
  readonly rowGroupIndices: readonly number[];
  /** The index of the first row in the first row group. */
  readonly rowStart: number;
  readonly rowCount: number;
  /** Whether these are all rows of the row groups. False by default. */
  readonly isWhole?: boolean;
  /** The maximum number of rows in a batch. */
  readonly batchRowCount: number;
  /** The expected size of the rows in Arrow in bytes; unknown by default. */
  readonly expectedBytes?: number;
  /** A filter for these rows; all by default. */
  readonly filter?: BoundFilter;
}

/** Decoded rows. */
export interface DecodedSlice {
  readonly frames: readonly MovedFrame[];
  /** The size in Arrow of all rows, including those that the filter excludes, in bytes. */
  readonly byteLength: number;
  /** Whether most of the row group was read or decoded for the slice. The next slice would cost the same. */
  readonly isCostly: boolean;
}

/** Finds the rows that may match a filter, by the statistics of row groups and pages. Returns parts of the spans. */
export interface PruneJob {
  readonly kind: "prune";
  readonly file: OpenFile;
  /** The schema of the whole file. */
  readonly schemaHeader: Uint8Array;
  readonly filter: BoundFilter;
  /** The decoded top-level columns besides those of the filter; all by default. */
  readonly columnIndices?: readonly number[];
  /** The requested rows. */
  readonly spans: readonly RowSpan[];
}

/** Finds the rows that meet a filter, by the columns of the filter alone. Returns parts of the spans. */
export interface NarrowJob extends Omit<PruneJob, "kind"> {
  readonly kind: "narrow";
}

/** A frame that moves between threads. Its body is transferred, not copied. */
export type MovedFrame = Pick<FlightFrame, "header" | "body">;

/** Reads the statistics of row groups and columns from the footer. */
export interface StatisticsJob {
  readonly kind: "statistics";
  readonly file: OpenFile;
  /** The schema of the whole file. */
  readonly schemaHeader: Uint8Array;
}

/** The statistics of row groups and columns in a footer. */
export interface FileStatistics {
  /** The program that wrote the file, according to the file; empty if it is not stated. */
  readonly createdBy: string;
  readonly rowGroups: readonly (EncodedSizes & { readonly rowCount: number })[];
  /** All columns with values, including nested ones. */
  readonly columns: readonly ColumnStatistics[];
}

/** The size of a part of the file in bytes. */
export interface EncodedSizes {
  readonly uncompressedByteLength: number;
  readonly compressedByteLength: number;
}

/** The statistics of one column over all row groups. A value is undefined if some row group does not state it. */
export interface ColumnStatistics extends EncodedSizes {
  /** The name of the column, followed by the names of nested fields. */
  readonly path: readonly string[];
  /** The codecs' names in Parquet. */
  readonly codecs: readonly string[];
  readonly nullCount: number | undefined;
  /** No value is less, except nulls and NaN. A long string may be truncated. */
  readonly min: Scalar | undefined;
  /** No value is greater, except nulls and NaN. A long string may be truncated and then increased. */
  readonly max: Scalar | undefined;
  /** Whether a bound is truncated, so that it may not be a value of the column. */
  readonly isCut: boolean;
}

/** Encodes columns of a row group. */
export interface EncodeJob {
  readonly kind: "encode";
  /**
   * A complete stream for each range of columns: schema, dictionaries and record batches. They are in one buffer, which
   * moves to the worker and back.
   */
  readonly streams: readonly Uint8Array<ArrayBuffer>[];
  /** The row number, in the put, of the streams' first row. */
  readonly rowStart: number;
  /** The encodings of the columns of each stream; by default, they are chosen from a sample of the rows. */
  readonly encodings?: readonly ColumnEncodings[];
  /** Whether it is the first row group of the file, whose footer is needed. */
  readonly isFirst: boolean;
}

/** Encoded columns of a row group. */
export interface EncodedRowGroup {
  /** Undefined if there are no rows. */
  readonly rowGroup: EncodedPages | undefined;
  /** The footer of a file with these columns, without row groups, if the job asks for it. */
  readonly footer: Uint8Array | undefined;
  /** The encodings of the columns of each stream; undefined if there were too few rows to choose. */
  readonly encodings: readonly ColumnEncodings[] | undefined;
  /** The buffer of the streams, for reuse. */
  readonly buffer: ArrayBuffer;
}

/** The pages of a row group. */
export interface EncodedPages {
  /** Its description, as if the pages followed the magic of a file. */
  readonly placed: PlacedRowGroup;
  readonly pages: Uint8Array<ArrayBuffer>;
}

/** Decompresses the body of a frame. */
export interface DecompressJob {
  readonly kind: "decompress";
  readonly header: Uint8Array;
  /** Its buffer moves to the worker. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** The job and the result of each kind of job. */
export interface Jobs {
  readonly describe: { readonly job: DescribeJob; readonly result: FileDescription };
  readonly "describe-known": {
    readonly job: DescribeKnownJob;
    readonly result: readonly (FileDescription | undefined)[];
  };
  readonly statistics: { readonly job: StatisticsJob; readonly result: FileStatistics };
  readonly prune: { readonly job: PruneJob; readonly result: readonly RowSpan[] };
  readonly narrow: { readonly job: NarrowJob; readonly result: readonly RowSpan[] };
  readonly ranges: { readonly job: RangesJob; readonly result: PlannedRanges };
  readonly decode: { readonly job: DecodeJob; readonly result: DecodedSlice };
  readonly encode: { readonly job: EncodeJob; readonly result: EncodedRowGroup };
  readonly decompress: { readonly job: DecompressJob; readonly result: MovedFrame };
}

/** Any job. */
export type Job = Jobs[keyof Jobs]["job"];

/**
 * Why a job failed. `refused`: parquet-wasm or the code around it rejected the input. `unsupported`: the file uses an
 * unsupported feature. `exhausted`: the job needs more memory than allowed. `trapped`: wasm has trapped, and the worker
 * cannot be used any more.
 */
export type FailureReason = "refused" | "unsupported" | "exhausted" | "trapped";

/** The failure of a job. */
export interface WorkerFailure {
  readonly failure: string;
  readonly reason: FailureReason;
  /** The system's code of a read that failed during the job. If it is set, the file may be valid. */
  readonly diskFailure: string | undefined;
  /** The problem of the file, if a later check found one. */
  readonly explanation?: Explanation | undefined;
}

/** A worker's answer: the result or the failure, and the size of its wasm memory so far. */
export type WorkerAnswer = { readonly memoryBytes: number } & (
  { readonly result: Jobs[keyof Jobs]["result"] } | WorkerFailure
);

/** A job needs more memory than allowed. Fewer rows may succeed. */
export class ExhaustedError extends Error {}
