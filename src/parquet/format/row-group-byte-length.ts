import type { ParquetFile } from "parquet-wasm";

/** parquet-wasm copies the metadata of all row groups to return one. */
const known = new WeakMap<ParquetFile, Map<number, number>>();

/** Returns the size of a row group in its file, in bytes. It is computed once for each. */
export function rowGroupByteLength(parquet: ParquetFile, rowGroupIndex: number): number {
  const ofFile = known.get(parquet) ?? new Map<number, number>();
  known.set(parquet, ofFile);
  const byteLength = ofFile.get(rowGroupIndex) ?? readByteLength(parquet, rowGroupIndex);
  ofFile.set(rowGroupIndex, byteLength);
  return byteLength;
}

function readByteLength(parquet: ParquetFile, rowGroupIndex: number): number {
  using metadata = parquet.metadata();
  using rowGroup = metadata.rowGroup(rowGroupIndex);
  return rowGroup.compressedSize();
}
