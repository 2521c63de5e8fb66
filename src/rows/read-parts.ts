import { decodeMessage, decodeSchema, viewRecordBatch, type ArrayView, type Schema } from "../arrow/index.ts";
import { FlightError, type FlightFrame } from "../flight/index.ts";
import { Dictionaries } from "./dictionaries.ts";

/** A part of a stream of Arrow data: first the schema, then record batches whose values can be read. */
export type StreamPart =
  | { readonly kind: "schema"; readonly schema: Schema }
  | {
      readonly kind: "batch";
      readonly rowCount: number;
      readonly columns: readonly ArrayView[];
      /** The dictionaries of this batch. */
      readonly dictionaries: Dictionaries;
    };

/**
 * Reads frames to access their values. A batch is valid until the next part is requested.
 *
 * @throws FlightError INVALID_ARGUMENT if the frames are not a stream of Arrow data; UNIMPLEMENTED if a body is
 * compressed; errors of `frames`
 */
export async function* readParts(frames: AsyncIterable<FlightFrame>): AsyncGenerator<StreamPart, void, undefined> {
  let schema: Schema | undefined;
  let dictionaries = new Dictionaries([]);
  for await (const frame of frames) {
    const message = decodeMessage(frame.header);
    if (message.kind === "schema") {
      schema = decodeSchema(frame.header);
      dictionaries = new Dictionaries(schema.fields);
      yield { kind: "schema", schema };
      continue;
    }
    if (message.kind === "none") continue;
    if (schema === undefined) throw new FlightError("invalid_argument", "the stream has a batch before its schema");
    if (message.kind === "dictionary_batch") dictionaries.take(frame, message);
    else if (message.kind === "record_batch") {
      const { layout } = message;
      const columns = viewRecordBatch({ fields: schema.fields, layout, body: frame.body, isReadOnly: true });
      yield { kind: "batch", rowCount: layout.rowCount, columns, dictionaries };
      frame.release?.();
    }
  }
  if (schema === undefined) throw new FlightError("invalid_argument", "the stream ended before its schema");
}
