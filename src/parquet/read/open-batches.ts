import type { ParquetFile, ReaderOptions, RecordBatch } from "parquet-wasm";
import { batchBodyBytesTarget } from "../../flight/index.ts";
import { tailShare } from "../limits.ts";
import { decodedBytesMax, decodedRowsMin } from "./limits.ts";
import { unskippableColumns } from "../workers/row-group-findings.ts";
import { openRowGroup, openWholeRowGroups } from "../workers/worker-files.ts";
import type { DecodeJob } from "../workers/worker-protocol.ts";
import { decodeSmallFile } from "./decode-small-file.ts";

/** Rows of a file: some of one row group, or all of several. */
export type DecodedRows = Pick<
  DecodeJob,
  "file" | "rowGroupIndices" | "rowStart" | "rowCount" | "isWhole" | "batchRowCount"
>;

/** The columns and rows that a job decodes. */
export interface Decoding {
  /** The column names that parquet-wasm gets; undefined for all columns. */
  readonly names: string[] | undefined;
  /** The indices of the same columns. */
  readonly columnIndices: readonly number[] | undefined;
  /** Whether the rows before the first row of the job are skipped. */
  readonly skips: boolean;
}

/** Returns whether all decoded columns support skipping the rows before the first row. */
export function canSkip(
  { file, rowGroupIndices, rowStart }: Pick<DecodedRows, "file" | "rowGroupIndices" | "rowStart">,
  columns: ReadonlySet<number> | undefined,
): boolean {
  return rowStart === 0 || unskippableColumns(file, rowGroupIndices[0]!, columns).size === 0;
}

/** Decodes rows with parquet-wasm. The consumer frees each batch. */
export async function* openBatches(
  rows: DecodedRows,
  { names, columnIndices, skips }: Decoding,
): AsyncGenerator<RecordBatch> {
  const { file, rowGroupIndices, rowStart, rowCount } = rows;
  const batchSize = decodedRowCount(rows);
  const atOnce = names === undefined ? decodeSmallFile(rows, batchSize) : undefined;
  if (atOnce) return yield* atOnce;
  const options = { batchSize, ...(names && { columns: names }) };
  const [rowGroupIndex, ...others] = rowGroupIndices;
  if (rows.isWhole || rowGroupIndex === undefined || others.length > 0) {
    for await (const { parquet, indices } of openWholeRowGroups(file, rowGroupIndices)) {
      yield* streamBatches(parquet, { ...options, rowGroups: [...indices] });
    }
    return;
  }
  const { parquet, indices } = await openRowGroup(file, rowGroupIndex, columnIndices);
  // Rows that cannot be skipped are decoded and dropped.
  const skip = skips ? 0 : rowStart;
  const window = { offset: rowStart - skip, limit: rowCount + skip, rowGroups: [...indices] };
  let rest = skip;
  for await (const batch of streamBatches(parquet, { ...options, ...window })) {
    const wanted = dropRows(batch, rest);
    rest -= batch.numRows;
    if (wanted !== batch) batch.free();
    if (wanted) yield wanted;
  }
}

/** Returns how many rows parquet-wasm decodes at a time. */
function decodedRowCount({ batchRowCount, rowCount }: DecodedRows): number {
  const rowCountMax = Math.floor((batchRowCount * decodedBytesMax) / batchBodyBytesTarget);
  // A few rows more cost less than another batch, which costs some microseconds for each column.
  const limit = rowCount <= (1 + tailShare) * rowCountMax ? rowCount : rowCountMax;
  return Math.max(batchRowCount, Math.min(decodedRowsMin, limit));
}

async function* streamBatches(parquet: ParquetFile, options: ReaderOptions): AsyncGenerator<RecordBatch> {
  yield* (await parquet.stream(options)) as ReadableStream<RecordBatch>;
}

/**
 * Returns a batch without its first rows: the same batch if there is nothing to drop, undefined if no rows are left.
 */
function dropRows(batch: RecordBatch, rowCount: number): RecordBatch | undefined {
  if (rowCount <= 0) return batch;
  return rowCount < batch.numRows ? batch.slice(rowCount, batch.numRows - rowCount) : undefined;
}
