import { decodeMessage, decodeSchema, RecordBatchSlice, viewRecordBatch, type Field } from "../arrow/index.ts";
import { type FlightFrame } from "../flight/index.ts";

/**
 * The first rows of a stream; it is left when they have come, which cancels the call behind it.
 *
 * @param rowCountMax - rows at most
 */
export async function* takeRows(
  frames: AsyncIterable<FlightFrame>,
  rowCountMax: number,
): AsyncGenerator<FlightFrame, void, undefined> {
  let fields: readonly Field[] = [];
  let left = rowCountMax;
  for await (const frame of frames) {
    const message = decodeMessage(frame.header);
    if (message.kind === "schema") fields = decodeSchema(frame.header).fields;
    if (message.kind !== "record_batch") {
      yield frame;
      continue;
    }
    const { layout } = message;
    if (layout.rowCount <= left) yield frame;
    else if (left > 0) {
      const arrays = viewRecordBatch({ fields, layout, body: frame.body });
      yield new RecordBatchSlice(arrays, { rowStart: 0, rowCount: left }).toFrame();
    }
    left -= layout.rowCount;
    if (left <= 0) return;
  }
}
