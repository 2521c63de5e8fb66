import { Encoding, type ParquetFile, type RowGroupMetaData } from "parquet-wasm";

/** What decides how slices of a row group are read. */
export interface RowGroupTraits {
  /** What it takes in the file, in bytes. */
  readonly compressedByteLength: number;
  /**
   * Whether rows may be skipped. In DuckDB's pages of DELTA_BINARY_PACKED, whose blocks are larger than other writers',
   * parquet-wasm falls over when it skips values, though not when it decodes them.
   */
  readonly skipsSafely: boolean;
}

/** parquet-wasm copies the metadata of all row groups to tell of one. */
const known = new WeakMap<ParquetFile, Map<number, RowGroupTraits>>();

/** What decides how slices of a row group are read; of each it is found out once. */
export function rowGroupTraits(parquet: ParquetFile, rowGroupIndex: number): RowGroupTraits {
  const ofFile = known.get(parquet) ?? new Map<number, RowGroupTraits>();
  known.set(parquet, ofFile);
  const traits = ofFile.get(rowGroupIndex) ?? readTraits(parquet, rowGroupIndex);
  ofFile.set(rowGroupIndex, traits);
  return traits;
}

function readTraits(parquet: ParquetFile, rowGroupIndex: number): RowGroupTraits {
  using metadata = parquet.metadata();
  using file = metadata.fileMetadata();
  using rowGroup = metadata.rowGroup(rowGroupIndex);
  const isOfDuckDB = file.createdBy()?.startsWith("DuckDB") === true;
  return {
    compressedByteLength: rowGroup.compressedSize(),
    skipsSafely: !isOfDuckDB || !hasDeltas(rowGroup),
  };
}

function hasDeltas(rowGroup: RowGroupMetaData): boolean {
  return rowGroup.columns().some((column) => {
    using chunk = column;
    return chunk.encodings().includes(Encoding.DELTA_BINARY_PACKED);
  });
}
