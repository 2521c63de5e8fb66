import type { FlightFrame } from "../flight/index.ts";
import { viewRecordBatch } from "./array-view.ts";
import { decodeMessage, type RecordBatchLayout } from "./message.ts";
import { decodeSchema, type Field } from "./schema.ts";
import { RecordBatchSlice } from "./slice-record-batch.ts";

/** Which rows of a stream are passed on. */
export interface RowLimit {
  /** Rows to skip; none by default. */
  readonly offset?: number | undefined;
  /** Rows at most; all by default. */
  readonly limit?: number | undefined;
}

/** Passes on a range of the rows of a stream: cuts batches at both ends, and leaves the stream after the last row. */
export async function* limitRows(
  frames: AsyncIterable<FlightFrame>,
  { offset = 0, limit = Infinity }: RowLimit,
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
    else {
      const slice = rowCount > 0 ? copyRows(fields, frame, { layout, rowStart, rowCount }) : undefined;
      frame.release?.();
      if (slice) yield slice;
    }
    if (rest === 0) return;
  }
}

function copyRows(
  fields: readonly Field[],
  { body }: FlightFrame,
  { layout, ...range }: { readonly layout: RecordBatchLayout; readonly rowStart: number; readonly rowCount: number },
): FlightFrame {
  return new RecordBatchSlice(viewRecordBatch({ fields, layout, body }), range).toFrame();
}
