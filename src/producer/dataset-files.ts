import type { DatasetName, DatasetSelection } from "../dataset/index.ts";
import type { FlightFrame } from "../flight/index.ts";
import type { Scalar, Schema } from "../arrow/index.ts";
import type { CallContext } from "./call-context.ts";

/** The version of a dataset. */
export interface FileVersionInfo {
  /** Identifies the version among all versions of the name. It consists of letters and digits. */
  readonly version: string;
  /** The time of the last put. */
  readonly changed: Date;
}

/** Open bytes. They do not change until they are closed. */
export interface OpenBytes {
  /** The length in bytes. */
  readonly byteLength: number;
  /**
   * Reads the bytes from `start` to `end` (exclusive). A chunk may be reused after the server has sent it.
   *
   * @throws FlightError ABORTED if the file was changed in place
   */
  readBytes(start: number, end: number): AsyncIterable<Uint8Array>;
  /** Closes the bytes. */
  close(): Promise<void>;
}

/** An open dataset. Its content does not change while it is open. The caller closes it. */
export interface OpenDatasetFile extends FileVersionInfo, OpenBytes {
  /** Whether it is a folder of datasets: it has no file of its own, and `readBytes` must not be called. */
  readonly isFolder?: boolean;
  /** Creates a URL from which anyone can download the file for some minutes; undefined if the server sends its bytes. */
  readonly createDownloadUrl?:
    ((headers: { contentType: string; contentDisposition: string }) => Promise<string>) | undefined;
  /** Reads the selected columns and rows. @throws FlightError INVALID_ARGUMENT for a wrong selection */
  readRows(selection: Omit<DatasetSelection, "dataset">): AsyncIterable<FlightFrame>;
  /**
   * Writes rows of `readRows` to a new Parquet file. Closing the file deletes it.
   *
   * @throws FlightError RESOURCE_EXHAUSTED if the disk is full; errors of `rows`
   */
  writeParquet(rows: AsyncIterable<FlightFrame>): Promise<OpenBytes>;
  /** Reads the statistics of row groups and columns. */
  readStatistics(): Promise<DatasetStatistics>;
  /** Decodes the schema. */
  readSchema(): Schema;
}

/** Statistics of a row group. */
export interface RowGroupStatistics {
  /** The number of rows. */
  readonly rowCount: number;
  /** The size before compression, in bytes. */
  readonly uncompressedByteLength: number;
  /** The size in the file, in bytes. */
  readonly compressedByteLength: number;
}

/** Statistics of a column over all row groups. A property is undefined if a row group does not have it. */
export interface ColumnStatistics {
  /** The name of the column, followed by the names of the nested fields down to the values. */
  readonly path: readonly string[];
  /** The compression codecs. */
  readonly codecs: readonly string[];
  /** The size before compression, in bytes. */
  readonly uncompressedByteLength: number;
  /** The size in the file, in bytes. */
  readonly compressedByteLength: number;
  /** The number of nulls. */
  readonly nullCount: number | undefined;
  /** The lower bound of the values that are neither null nor NaN. Columns inside lists and maps have no bounds. */
  readonly min: Scalar | undefined;
  /** The upper bound, inclusive, of the same values. */
  readonly max: Scalar | undefined;
  /** Whether a bound is truncated, so that it may not be a value of the column. */
  readonly isCut: boolean;
}

/** The statistics in a file, which are known without reading rows. */
export interface DatasetStatistics {
  /** The program that wrote the file; empty if the file does not name it. */
  readonly createdBy: string;
  /** The row groups, in the order of the file. */
  readonly rowGroups: readonly RowGroupStatistics[];
  /** The columns that have values of their own, including nested ones. */
  readonly columns: readonly ColumnStatistics[];
}

/** The condition of a put or drop: which version of the dataset must exist. */
export interface VersionCondition {
  /** Tags of the versions that are allowed; `*` for any version. If omitted, the dataset need not exist. */
  readonly isOneOf?: "*" | readonly string[] | undefined;
  /** Whether no dataset of the name may exist. */
  readonly isNew?: boolean | undefined;
}

/** A put of a file. */
export interface FilePut {
  /** The name of the dataset. */
  readonly name: DatasetName;
  /** The condition of the put. */
  readonly condition: VersionCondition;
  /** The format of the bytes: a Parquet file, which is stored unchanged, or an Arrow IPC stream. */
  readonly format: "parquet" | "arrow";
  /** The declared number of rows; not checked if it is omitted. */
  readonly rowCount?: number | undefined;
  /** The bytes, in chunks of any size. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** The version of a dataset after a put. */
export interface PutFileResult extends FileVersionInfo {
  /** Whether the dataset did not exist before. */
  readonly isNew: boolean;
}

/** Datasets as files. The server serves them at `/datasets/NAME`. */
export interface DatasetFiles {
  /** As in `FlightProducer`. */
  readonly readsFolders?: boolean;
  /**
   * Opens a dataset.
   *
   * @param version - the version that is opened if it is still there, such as that of a folder to which files were added
   * since; otherwise the current one
   * @throws FlightError NOT_FOUND
   */
  openFile(context: CallContext, name: DatasetName, version?: string): Promise<OpenDatasetFile>;
  /**
   * Checks the condition of a put before its bytes are read.
   *
   * @throws FlightError FAILED_PRECONDITION or ALREADY_EXISTS as `putFile`
   */
  assertPuttable(context: CallContext, put: Pick<FilePut, "name" | "condition">): Promise<void>;
  /**
   * Stores a dataset after all bytes have arrived and have been checked. On return, the dataset survives a power failure.
   *
   * @throws FlightError INVALID_ARGUMENT if the bytes are not a valid file; ALREADY_EXISTS or FAILED_PRECONDITION if the
   * condition is not met; errors of `chunks`
   */
  putFile(context: CallContext, put: FilePut): Promise<PutFileResult>;
  /** Deletes a dataset. @throws FlightError NOT_FOUND; FAILED_PRECONDITION if the condition is not met */
  dropFile(context: CallContext, name: DatasetName, condition: VersionCondition): Promise<void>;
}
