import { createFrame, type FlightFrame } from "../../flight/index.ts";
import {
  decodeMessage,
  dictionaryValueField,
  encodeIpcStream,
  encodeSchema,
  RecordBatchSlice,
  viewRecordBatch,
  type ArrayView,
  type Field,
  type Schema,
} from "../../arrow/index.ts";
import { convertArray } from "./convert-array.ts";
import { PlainValues } from "./plain-values.ts";
import { openStream } from "../format/open-stream.ts";
import { toStoredSchema } from "../format/stored-schema.ts";

/**
 * Converts a row group's IPC stream to the stored types. Returns the same stream if its schema is stored unchanged.
 *
 * @throws FlightError INVALID_ARGUMENT naming a column whose values do not fit the stored type
 */
export function toStoredStream(stream: Uint8Array): Uint8Array {
  const { schema, frames } = openStream(stream);
  const stored = toStoredSchema(schema);
  if (stored === schema) return stream;
  const converter = new FrameConverter(schema, stored);
  const converted = frames.flatMap((frame) => converter.convert(frame));
  return encodeIpcStream([createFrame({ header: encodeSchema(stored) }), ...converted]);
}

/** The source and target fields of one dictionary. */
type FieldPair = readonly [source: Field, target: Field];

class FrameConverter {
  readonly #schema: Schema;
  readonly #stored: Schema;
  readonly #dictionaryFields = new Map<bigint, FieldPair>();
  readonly #plainValues = new Map<bigint, PlainValues>();

  constructor(schema: Schema, stored: Schema) {
    this.#schema = schema;
    this.#stored = stored;
    schema.fields.forEach((field, i) => this.#collect([field, stored.fields[i]!]));
  }

  /** Converts a frame; the result is empty for a dictionary that is stored as plain values. */
  convert(frame: FlightFrame): FlightFrame[] {
    const message = decodeMessage(frame.header);
    if (message.kind === "record_batch") {
      const { layout } = message;
      const arrays = viewRecordBatch({ fields: this.#schema.fields, layout, body: frame.body });
      const converted = arrays.map((array, i) => convertArray(array, this.#stored.fields[i]!, this.#plainValues));
      return [new RecordBatchSlice(converted, { rowStart: 0, rowCount: layout.rowCount }).toFrame()];
    }
    if (message.kind !== "dictionary_batch") return [];
    const [source, target] = this.#dictionaryFields.get(message.id)!;
    if (source === target) return [frame];
    const { id, isDelta, layout } = message;
    const [values] = viewRecordBatch({ fields: [dictionaryValueField(source)], layout, body: frame.body });
    if (target.dictionary === undefined) {
      this.#addPlain(id, values!);
      return [];
    }
    const converted = convertArray(values!, dictionaryValueField(target), this.#plainValues);
    const range = { rowStart: 0, rowCount: layout.rowCount, dictionaryId: id, isDelta };
    return [new RecordBatchSlice([converted], range).toFrame()];
  }

  #addPlain(id: bigint, values: ArrayView): void {
    const known = this.#plainValues.get(id) ?? new PlainValues();
    known.add(values);
    this.#plainValues.set(id, known);
  }

  #collect([source, target]: FieldPair): void {
    if (source.dictionary) this.#dictionaryFields.set(source.dictionary.id, [source, target]);
    source.children.forEach((child, i) => this.#collect([child, target.children[i]!]));
  }
}
