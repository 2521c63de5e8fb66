import { decodeMessage, decodeSchema, RecordBatchSlice, viewRecordBatch, type Field } from "../arrow/index.ts";
import { type FlightFrame } from "../flight/index.ts";

/** Which rows of a stream are passed on. */
export interface RowLimit {
  /** Rows to skip. */
  readonly offset: number;
  /** Rows at most; all where it is undefined. */
  readonly limit: number | undefined;
}

/** Passes on some rows of a stream of which nobody knows how many it has: batches at either end are cut. */
export async function* limitRows(
  frames: AsyncIterable<FlightFrame>,
  { offset, limit = Infinity }: RowLimit,
): AsyncGenerator<FlightFrame, void, undefined> {
  let fields: readonly Field[] = [];
  let toSkip = offset;
  let rest = limit;
  for await (const frame of frames) {
    const message = decodeMessage(frame.header);
    if (message.kind === "schema") ({ fields } = decodeSchema(frame.header));
    if (message.kind !== "record_batch") {
      yield frame;
      if (rest === 0) return;
      continue;
    }
    const { layout } = message;
    const rowStart = Math.min(toSkip, layout.rowCount);
    const rowCount = Math.min(layout.rowCount - rowStart, rest);
    toSkip -= rowStart;
    rest -= rowCount;
    if (rowCount === layout.rowCount) yield frame;
    else if (rowCount > 0) {
      const columns = viewRecordBatch({ fields, layout, body: frame.body });
      yield new RecordBatchSlice(columns, { rowStart, rowCount }).toFrame();
    }
    if (rest === 0) return;
  }
}
