import type { RecordBatch } from "parquet-wasm";
import { cutRecordBatch, decodeSchema, RecordBatchSlice, type FlightFrame } from "../flight/index.ts";
import { batchBodyBytesMax } from "./limits.ts";
import { DictionaryTracker } from "./dictionary-tracker.ts";
import { viewExportedBatch } from "./exported-batch.ts";
import { planProjection, type Projection } from "./plan-projection.ts";
import { restoreViews } from "./restore-views.ts";
import { skipsSafely } from "./skips-safely.ts";
import { openRowGroup } from "./worker-files.ts";
import type { DecodeJob } from "./worker-protocol.ts";

/**
 * Runs a decode job: the rows as record batches of about 2 MiB, each behind the dictionaries that it needs and
 * that are not those of the batch before.
 *
 * @throws Error where the rows cannot be decoded
 */
export async function decodeSlice(job: DecodeJob): Promise<FlightFrame[]> {
  const { fields } = decodeSchema(job.schemaHeader);
  const projection = planProjection(fields, job.columnIndices);
  const { parquet, index } = await openRowGroup(job.file, job.rowGroupIndex);
  // Rows that cannot be skipped are decoded and left out.
  const skip = skipsSafely(parquet, index) ? 0 : job.rowStart;
  const batches = await parquet.stream({
    rowGroups: [index],
    offset: job.rowStart - skip,
    limit: job.rowCount + skip,
    batchSize: job.batchRowCount,
    ...(projection.names && { columns: projection.names }),
  });
  const frames: FlightFrame[] = [];
  const dictionaries = new DictionaryTracker();
  let rowCount = -skip;
  for await (const batch of batches as ReadableStream<RecordBatch>) {
    const wanted = dropRows(batch, -rowCount);
    rowCount += batch.numRows;
    if (wanted) frames.push(...encodeBatch(wanted, projection, dictionaries));
    if (wanted !== batch) batch.free();
  }
  if (rowCount !== job.rowCount) throw new Error(`${rowCount} rows were decoded where ${job.rowCount} should be`);
  return frames;
}

/** A batch without its first rows: itself where there are none to drop, undefined where there are no others. */
function dropRows(batch: RecordBatch, rowCount: number): RecordBatch | undefined {
  if (rowCount <= 0) return batch;
  return rowCount < batch.numRows ? batch.slice(rowCount, batch.numRows - rowCount) : undefined;
}

function encodeBatch(batch: RecordBatch, projection: Projection, dictionaries: DictionaryTracker): FlightFrame[] {
  const rowCount = batch.numRows;
  using exported = batch.intoFFI();
  const { columns, dictionaryValues } = viewExportedBatch(exported, projection.fields, projection.wanted);
  const frames: FlightFrame[] = [];
  for (const [dictionaryId, values] of dictionaryValues) {
    const frame = new RecordBatchSlice([restoreViews(values)], {
      rowStart: 0,
      rowCount: values.length,
      dictionaryId,
    }).toFrame();
    if (dictionaries.replace(dictionaryId, frame)) frames.push(frame);
  }
  const bounds = { bodyBytesMax: batchBodyBytesMax };
  for (const slice of cutRecordBatch(columns.map(restoreViews), rowCount, bounds)) frames.push(slice.toFrame());
  return frames;
}
