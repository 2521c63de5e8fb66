import type { RecordBatch } from "parquet-wasm";
import { cutRecordBatch, decodeSchema, RecordBatchSlice, type FlightFrame } from "../flight/index.ts";
import { batchBodyBytesMax } from "./limits.ts";
import { DictionaryTracker } from "./dictionary-tracker.ts";
import { viewExportedBatch } from "./exported-batch.ts";
import { planProjection, type Projection } from "./plan-projection.ts";
import { openParquetFile } from "./worker-files.ts";
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
  const parquet = await openParquetFile(job.file);
  const batches = await parquet.stream({
    rowGroups: [job.rowGroupIndex],
    offset: job.rowStart,
    limit: job.rowCount,
    batchSize: job.batchRowCount,
    ...(projection.names && { columns: projection.names }),
  });
  const frames: FlightFrame[] = [];
  const dictionaries = new DictionaryTracker();
  let rowCount = 0;
  for await (const batch of batches as ReadableStream<RecordBatch>) {
    rowCount += batch.numRows;
    frames.push(...encodeBatch(batch, projection, dictionaries));
  }
  if (rowCount !== job.rowCount) throw new Error(`${rowCount} rows were decoded where ${job.rowCount} should be`);
  return frames;
}

function encodeBatch(batch: RecordBatch, projection: Projection, dictionaries: DictionaryTracker): FlightFrame[] {
  const rowCount = batch.numRows;
  using exported = batch.intoFFI();
  const { columns, dictionaryValues } = viewExportedBatch(exported, projection.fields, projection.wanted);
  const frames: FlightFrame[] = [];
  for (const [dictionaryId, values] of dictionaryValues) {
    const frame = new RecordBatchSlice([values], { rowStart: 0, rowCount: values.length, dictionaryId }).toFrame();
    if (dictionaries.replace(dictionaryId, frame)) frames.push(frame);
  }
  const bounds = { bodyBytesMax: batchBodyBytesMax };
  for (const slice of cutRecordBatch(columns, rowCount, bounds)) frames.push(slice.toFrame());
  return frames;
}
