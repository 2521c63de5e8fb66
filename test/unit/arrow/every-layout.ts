import { readFileSync } from "node:fs";
import {
  decodeIpcStream,
  decodeMessage,
  decodeSchema,
  viewRecordBatch,
  type ArrayView,
} from "../../../src/arrow/index.ts";

/** An IPC stream of batches with a column of every layout; `make-every-layout.py` made it. */
export const everyLayout = readFileSync(new URL("fixtures/every-layout.arrows", import.meta.url));

/** The columns of each batch of the stream. */
export function* arraysOfEveryLayout(): Generator<ArrayView, void, undefined> {
  const [schemaFrame, ...frames] = decodeIpcStream(everyLayout);
  const { fields } = decodeSchema(schemaFrame!.header);
  for (const { header, body } of frames) {
    const message = decodeMessage(header);
    if (message.kind === "record_batch") yield* viewRecordBatch({ fields, layout: message.layout, body });
  }
}
