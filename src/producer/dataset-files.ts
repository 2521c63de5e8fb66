import type { DatasetName, DatasetSelection } from "../dataset/index.ts";
import type { FlightFrame } from "../flight/index.ts";
import type { Scalar, Schema } from "../arrow/index.ts";
import type { CallContext } from "./call-context.ts";

/** Which version of a dataset there is. */
export interface FileVersionInfo {
  /** Differs between any two versions of a name, and stays as long as the bytes do; letters and digits. */
  readonly tag: string;
  /** When it was last written. */
  readonly changed: Date;
}

/** Bytes that stay what they are until they are closed. */
export interface OpenBytes {
  readonly byteLength: number;
  /**
   * Reads bytes from `start` to `end` (exclusive). A chunk stays what it is until its reader says by `releaseChunk` that
   * it has been sent.
   *
   * @throws FlightError ABORTED where the file is changed in place
   */
  readBytes(start: number, end: number): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** A dataset that is held open: it stays what it is while it is read. Whoever opened it closes it. */
export interface OpenDatasetFile extends FileVersionInfo, OpenBytes {
  /** Reads what is selected of it, whose name does not matter. @throws FlightError INVALID_ARGUMENT as `DoGet` */
  readRows(selection: Omit<DatasetSelection, "dataset">): AsyncIterable<FlightFrame>;
  /**
   * Writes rows that `readRows` has given as a Parquet file of its own, which is gone when it is closed.
   *
   * @throws what the rows throw; FlightError RESOURCE_EXHAUSTED where the disk is full
   */
  writeParquet(rows: AsyncIterable<FlightFrame>): Promise<OpenBytes>;
  /** What the file says of its row groups and columns. */
  readStatistics(): Promise<DatasetStatistics>;
  /** Decodes the columns. */
  readSchema(): Schema;
}

/** What a file says of its row groups and columns, without that a row is read. */
export interface DatasetStatistics {
  /** Who wrote the file, as it says itself; empty where it does not. */
  readonly createdBy: string;
  readonly rowGroups: readonly {
    readonly rowCount: number;
    readonly uncompressedByteLength: number;
    readonly compressedByteLength: number;
  }[];
  /** Every column that has values of its own, nested ones too. What is not known of all row groups is undefined. */
  readonly columns: readonly {
    /** The column's name, then those of the nested fields down to the values. */
    readonly path: readonly string[];
    readonly codecs: readonly string[];
    readonly uncompressedByteLength: number;
    readonly compressedByteLength: number;
    readonly nullCount: number | undefined;
    /** Bounds of the values that are no nulls and not NaN; only of values that have structs above them, and nothing else. */
    readonly min: Scalar | undefined;
    readonly max: Scalar | undefined;
    /** Whether one of them is cut, so that no row need have it. */
    readonly isCut: boolean;
  }[];
}

/** Which version a name must have for something to happen to it. */
export interface VersionCondition {
  /** One of these versions; any at all for `*`; left out, what there is does not matter. */
  readonly isOneOf?: "*" | readonly string[] | undefined;
  /** There must be none. */
  readonly isNew?: boolean | undefined;
}

/** What is put as a file. */
export interface FilePut {
  readonly name: DatasetName;
  readonly condition: VersionCondition;
  /** A Parquet file, which is kept byte for byte, or an Arrow IPC stream. */
  readonly format: "parquet" | "arrow";
  /** The rows that it must have; not checked where left out. */
  readonly rowCount?: number | undefined;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Datasets as files: what `/datasets/NAME` is served from. */
export interface DatasetFiles {
  /** Opens a dataset. @throws FlightError NOT_FOUND */
  openFile(context: CallContext, name: DatasetName): Promise<OpenDatasetFile>;
  /**
   * Checks whether something could be put now, before its bytes are read.
   *
   * @throws FlightError FAILED_PRECONDITION or ALREADY_EXISTS as `putFile`
   */
  assertPuttable(context: CallContext, put: Pick<FilePut, "name" | "condition">): Promise<void>;
  /**
   * Stores a dataset when all of its bytes have come and are found to be what they should; then the disk has it.
   *
   * @returns the new version, and whether there was none of the name before
   * @throws FlightError INVALID_ARGUMENT for bytes that are no such file; ALREADY_EXISTS or FAILED_PRECONDITION where
   * the condition is not met; otherwise what `chunks` throws
   */
  putFile(context: CallContext, put: FilePut): Promise<FileVersionInfo & { readonly isNew: boolean }>;
  /** Deletes a dataset. @throws FlightError NOT_FOUND; FAILED_PRECONDITION where it is none of those versions */
  dropFile(context: CallContext, name: DatasetName, condition: VersionCondition): Promise<void>;
}
