import { readParquet, type RecordBatch } from "parquet-wasm";
import { smallFileBytesMax } from "./limits.ts";
import { readShownBytes } from "../workers/worker-files.ts";
import type { DecodedRows } from "./open-batches.ts";

/**
 * Decodes the only row group of a small file with one synchronous call of parquet-wasm. Its asynchronous reader takes
 * twice the time: it makes a dozen promises and a stream.
 *
 * @param batchSize - the number of rows that parquet-wasm decodes at a time
 * @returns the batches, which the caller frees. Undefined if the job is not as small, or if this does not succeed; then
 * the asynchronous reader tries again, and reports the error.
 */
export function decodeSmallFile(job: DecodedRows, batchSize: number): readonly RecordBatch[] | undefined {
  const { file, isWhole, rowGroupIndices, rowCount } = job;
  // Without a descriptor, the worker has only some ranges of the file.
  if (!isWhole || rowGroupIndices.length > 1 || rowCount > batchSize) return undefined;
  if (file.fd === undefined || file.byteLength > smallFileBytesMax) return undefined;
  try {
    const table = readParquet(readShownBytes(file), { batchSize, rowGroups: [...rowGroupIndices] });
    try {
      return table.recordBatches();
    } finally {
      table.free();
    }
  } catch (reason) {
    // A trap ends the worker.
    if (reason instanceof Error && reason.name === "RuntimeError") throw reason;
    return undefined;
  }
}
