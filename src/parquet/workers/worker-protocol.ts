import type { MessagePort } from "node:worker_threads";
import type { FlightFrame } from "../../flight/index.ts";
import type { Scalar } from "../../arrow/index.ts";
import type { BoundFilter } from "../../filter/index.ts";
import type { FileRange } from "../format/column-chunks.ts";
import type { ColumnEncodings } from "../format/column-encodings.ts";
import type { Explanation } from "../read/explain-page.ts";
import type { RowSegment } from "../read/read-plan.ts";

/** An open file of this process. */
export interface OpenFile {
  /** Names the open file for as long as the process lives; a descriptor is given again once it is closed. */
  readonly id: number;
  /** A descriptor that every thread can read from. Without one, a worker has the job's pieces, and requests the rest. */
  readonly fd?: number | undefined;
  readonly byteLength: number;
  /** The flatbuffer `Message` of the schema that parquet-wasm reads it by; as it says itself where left out. */
  readonly shownSchema?: Uint8Array | undefined;
}

/** Bytes of a file that were read for a job. */
export interface FilePiece {
  /** Where they begin in the file. */
  readonly start: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Bytes of the job's file that a worker waits for, from `start` to `end` (exclusive). */
export interface BytesRequest {
  readonly start: number;
  readonly end: number;
}

/** The requested bytes, or why there are none. */
export type BytesAnswer = { readonly bytes: Uint8Array<ArrayBuffer> } | { readonly failure: string };

/** What a worker sends requests through. It waits until `signal` is no longer 0, and then takes the answer. */
export interface BytesChannel {
  readonly port: MessagePort;
  readonly signal: Int32Array<SharedArrayBuffer>;
}

/** Reads what a file says about itself. */
export interface DescribeJob {
  readonly kind: "describe";
  readonly file: OpenFile;
}

/** What a file says about itself. */
export interface FileDescription {
  /** The flatbuffer `Message` of the schema that its batches have. */
  readonly schemaHeader: Uint8Array;
  /** As `OpenFile` has it, for jobs behind this one. */
  readonly shownSchema?: Uint8Array | undefined;
  /** Rows and bytes, before compression, of each row group. */
  readonly rowGroups: readonly { readonly rowCount: number; readonly byteLength: number }[];
}

/** Finds the bytes of a file that a decode job reads. None are planned where these are too many to hold. */
export interface RangesJob extends Omit<DecodeJob, "kind"> {
  readonly kind: "ranges";
}

/** What a slice reads of its file. */
export interface PlannedRanges {
  readonly ranges: readonly FileRange[];
  /** Whether they are all that any rows of the row groups need. */
  readonly isWhole: boolean;
}

/** Decodes rows of one row group, or all rows of several. */
export interface DecodeJob {
  readonly kind: "decode";
  readonly file: OpenFile;
  /** What was read of the file for the job; its buffers are the worker's. */
  readonly pieces?: readonly FilePiece[];
  /** The schema of the whole file. */
  readonly schemaHeader: Uint8Array;
  /** Columns at the top level, by their index, rising; all where left out. */
  readonly columnIndices?: readonly number[];
  /** At least one, rising. */
  readonly rowGroupIndices: readonly number[];
  /** The first row, from 0 in the first row group. */
  readonly rowStart: number;
  readonly rowCount: number;
  /** Rows that are decoded into one batch. */
  readonly batchRowCount: number;
  /** Which of these rows are meant; all where left out. */
  readonly filter?: BoundFilter;
}

/** Rows that are decoded. */
export interface DecodedSlice {
  readonly frames: readonly MovedFrame[];
  /** What all of the rows take in Arrow, also those that the filter has left out, in bytes. */
  readonly byteLength: number;
  /** Whether most of the row group had to be read or decoded for them, as would be for those behind them. */
  readonly isCostly: boolean;
}

/** Finds the rows that may meet a filter, by the statistics of row groups and pages. The result is parts of the segments. */
export interface PruneJob {
  readonly kind: "prune";
  readonly file: OpenFile;
  /** The schema of the whole file. */
  readonly schemaHeader: Uint8Array;
  readonly filter: BoundFilter;
  /** Columns at the top level that are decoded, beside those of the filter; all where left out. */
  readonly columnIndices?: readonly number[];
  /** The rows that are asked for. */
  readonly segments: readonly RowSegment[];
}

/** A frame on its way between threads; its body is moved, not copied. */
export type MovedFrame = Pick<FlightFrame, "header" | "body">;

/** Reads what the footer says of row groups and columns. */
export interface StatisticsJob {
  readonly kind: "statistics";
  readonly file: OpenFile;
  /** The schema of the whole file. */
  readonly schemaHeader: Uint8Array;
}

/** What a footer says of row groups and columns. */
export interface FileStatistics {
  /** Who wrote the file, as it says itself; empty where it does not. */
  readonly createdBy: string;
  readonly rowGroups: readonly (EncodedSizes & { readonly rowCount: number })[];
  /** Every column that has values of its own, nested ones too. */
  readonly columns: readonly ColumnStatistics[];
}

/** What something takes in the file, in bytes. */
export interface EncodedSizes {
  readonly uncompressedByteLength: number;
  readonly compressedByteLength: number;
}

/** What a footer says of one column, over all row groups. What is not known of all of them is undefined. */
export interface ColumnStatistics extends EncodedSizes {
  /** The column's name, then those of the nested fields down to the values. */
  readonly path: readonly string[];
  /** As Parquet names them. */
  readonly codecs: readonly string[];
  readonly nullCount: number | undefined;
  /** No value that is no null and not NaN is less; a long string may be cut. */
  readonly min: Scalar | undefined;
  /** No value that is no null and not NaN is greater; a long string may be cut, and made greater. */
  readonly max: Scalar | undefined;
  /** Whether one of them is cut, so that no row need have it. */
  readonly isCut: boolean;
}

/** Encodes an IPC stream as a Parquet file of one row group. */
export interface EncodeJob {
  readonly kind: "encode";
  /** Schema, dictionaries and record batches, complete. Its buffer is moved to the worker, and back with the result. */
  readonly stream: Uint8Array<ArrayBuffer>;
  /** The row of the put that its first row is, from 0. */
  readonly rowStart: number;
  /** How columns are encoded; left out, a sample of the rows decides. */
  readonly encodings?: ColumnEncodings;
}

/** A Parquet file of one row group. */
export interface EncodedRowGroup {
  readonly file: Uint8Array<ArrayBuffer>;
  /** How its columns were encoded; undefined where there were too few rows to tell what pays. */
  readonly encodings: ColumnEncodings | undefined;
  /** The job's buffer, to be used again. */
  readonly buffer: ArrayBuffer;
}

/** Takes the compression off a frame's body. */
export interface DecompressJob {
  readonly kind: "decompress";
  readonly header: Uint8Array;
  /** Its buffer is moved to the worker. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/** What a worker does, by kind of job: the job and its result. */
export interface Jobs {
  readonly describe: { readonly job: DescribeJob; readonly result: FileDescription };
  readonly statistics: { readonly job: StatisticsJob; readonly result: FileStatistics };
  readonly prune: { readonly job: PruneJob; readonly result: readonly RowSegment[] };
  readonly ranges: { readonly job: RangesJob; readonly result: PlannedRanges };
  readonly decode: { readonly job: DecodeJob; readonly result: DecodedSlice };
  readonly encode: { readonly job: EncodeJob; readonly result: EncodedRowGroup };
  readonly decompress: { readonly job: DecompressJob; readonly result: MovedFrame };
}

/** Any job. */
export type Job = Jobs[keyof Jobs]["job"];

/**
 * Why a job has no result: the job's own fault, as far as can be told. `refused`: parquet-wasm, or what is around it,
 * said no. `unsupported`: the file uses what is not read. `exhausted`: it takes more memory than it may. `trapped`: wasm
 * fell over, and the worker is spent.
 */
export type FailureReason = "refused" | "unsupported" | "exhausted" | "trapped";

/** Why a job has no result. */
export interface WorkerFailure {
  readonly failure: string;
  readonly reason: FailureReason;
  /** What a read failed with meanwhile, by the system's name; the file is not to blame then. */
  readonly diskFailure: string | undefined;
  /** What is wrong with the file, where that was looked for afterwards. */
  readonly explanation?: Explanation | undefined;
}

/** What a worker answers: the result or why there is none, and the wasm memory that it has taken so far. */
export type WorkerAnswer = { readonly memoryBytes: number } & (
  { readonly result: Jobs[keyof Jobs]["result"] } | WorkerFailure
);

/** A job takes more memory than it may, which fewer rows may not. */
export class ExhaustedError extends Error {}
