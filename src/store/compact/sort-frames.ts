import { setImmediate } from "node:timers/promises";
import {
  concatArrays,
  decodeMessage,
  RecordBatchSlice,
  takeRows,
  viewRecordBatch,
  type ArrayView,
  type Field,
} from "../../arrow/index.ts";
import { bodyByteLength, FlightError, type FlightFrame } from "../../flight/index.ts";
import { sortedArrowBytesMax } from "../limits.ts";
import { sortOrder } from "./sort-order.ts";

/** The number of rows of a sorted batch: a megabyte of some columns. */
const batchRowCount = 8192;

/**
 * Sorts the rows of batches by a column: see `sortOrder`. All rows are in memory.
 *
 * @param frames - record batches without dictionaries
 * @throws FlightError RESOURCE_EXHAUSTED if the rows need more than `sortedArrowBytesMax`
 */
export async function* sortFrames(
  frames: AsyncIterable<FlightFrame>,
  { fields, columnIndex, signal }: { fields: readonly Field[]; columnIndex: number; signal: AbortSignal },
): AsyncGenerator<FlightFrame, void, undefined> {
  const batches: (readonly ArrayView[])[] = [];
  let byteLength = 0;
  for await (const frame of frames) {
    const message = decodeMessage(frame.header);
    if (message.kind !== "record_batch") continue;
    byteLength += bodyByteLength(frame);
    if (byteLength > sortedArrowBytesMax) {
      const words = `the rows of a sorted file need more than ${sortedArrowBytesMax} bytes of memory; choose a smaller target size`;
      throw new FlightError("resource_exhausted", words);
    }
    batches.push(viewRecordBatch({ fields, layout: message.layout, body: frame.body }));
  }
  if (batches.length === 0) return;
  const order = await sortOrder(
    batches.map((batch) => batch[columnIndex]!),
    signal,
  );
  const columns: ArrayView[] = [];
  for (const index of fields.keys()) {
    columns.push(takeRows(concatArrays(batches.map((batch) => batch[index]!)), order));
    await setImmediate(undefined, { signal });
  }
  for (let rowStart = 0; rowStart < order.length; rowStart += batchRowCount) {
    const rowCount = Math.min(batchRowCount, order.length - rowStart);
    yield new RecordBatchSlice(columns, { rowStart, rowCount }).toFrame();
  }
}
