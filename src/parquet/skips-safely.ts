import { Encoding, type ParquetFile } from "parquet-wasm";

/**
 * Whether rows of a row group may be skipped. In DuckDB's pages of DELTA_BINARY_PACKED, whose blocks are larger than
 * other writers', parquet-wasm falls over when it skips values, though not when it decodes them.
 */
export function skipsSafely(parquet: ParquetFile, rowGroupIndex: number): boolean {
  using metadata = parquet.metadata();
  using file = metadata.fileMetadata();
  if (file.createdBy()?.startsWith("DuckDB") !== true) return true;
  using rowGroup = metadata.rowGroup(rowGroupIndex);
  return !rowGroup.columns().some((column) => {
    using chunk = column;
    return chunk.encodings().includes(Encoding.DELTA_BINARY_PACKED);
  });
}
