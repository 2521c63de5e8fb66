import { viewRecordBatch, dictionaryValueField, type ArrayView } from "./array-view.ts";
import { FlightError, type FlightFrame, joinBody } from "../flight/index.ts";
import { decodeMessage, type Message } from "./message.ts";
import { PiecedBytes } from "./pieced-bytes.ts";
import { decodeSchema, type Field } from "./schema.ts";
import { RecordBatchSlice } from "./slice-record-batch.ts";

type DictionaryMessage = Extract<Message, { kind: "dictionary_batch" }>;

/** The current state of a dictionary. */
interface Joined {
  readonly field: Field;
  /** Values of all of its batches. */
  valueCount: number;
  /** The place, among all values, of the first one of the dictionary that counts now. */
  valueStart: number;
  /** The body of the last replacement, to detect an identical one; undefined after a delta. */
  body: Uint8Array | undefined;
}

/**
 * Joins the dictionaries of each column in a stream into one. Replacement dictionaries become deltas, and indices are
 * increased by the number of values before. A value in several dictionaries occurs several times, which Arrow allows.
 * An identical dictionary is omitted.
 *
 * @throws FlightError OUT_OF_RANGE if the index type cannot count all values; as `viewRecordBatch` for batches whose
 * dictionary was replaced
 */
export async function* joinDictionaries(
  frames: AsyncIterable<FlightFrame>,
): AsyncGenerator<FlightFrame, void, undefined> {
  const joined = new Map<bigint, Joined>();
  let fields: readonly Field[] = [];
  for await (const frame of frames) {
    const message = decodeMessage(frame.header);
    if (message.kind === "schema") {
      ({ fields } = decodeSchema(frame.header));
      for (const field of fields) collect(field, joined);
    }
    const hasMoved = [...joined.values()].some(({ valueStart }) => valueStart > 0);
    if (message.kind === "dictionary_batch") {
      const { id, layout } = message;
      const dictionary = joined.get(id);
      if (dictionary === undefined) throw new FlightError("invalid_argument", `no column has the dictionary ${id}`);
      const isFirst = dictionary.valueCount === 0;
      if (!take(dictionary, frame, message)) continue;
      if (!hasMoved && (isFirst || message.isDelta)) yield frame;
      else {
        const arrays = viewRecordBatch({ fields: [dictionaryValueField(dictionary.field)], layout, body: frame.body });
        const range = { rowStart: 0, rowCount: layout.rowCount, dictionaryId: id, isDelta: !isFirst };
        yield new RecordBatchSlice(
          arrays.map((array) => shift(array, joined)),
          range,
        ).toFrame();
      }
    } else if (message.kind === "record_batch" && hasMoved) {
      const { layout } = message;
      const arrays = viewRecordBatch({ fields, layout, body: frame.body }).map((array) => shift(array, joined));
      yield new RecordBatchSlice(arrays, { rowStart: 0, rowCount: layout.rowCount }).toFrame();
      frame.release?.();
    } else yield frame;
  }
}

/** Counts the values of a dictionary batch. Returns whether they differ from the current ones. */
function take(dictionary: Joined, frame: FlightFrame, { layout, isDelta }: DictionaryMessage): boolean {
  const body = joinBody(frame);
  if (!isDelta && dictionary.body && areEqual(dictionary.body, body)) return false;
  if (!isDelta) dictionary.valueStart = dictionary.valueCount;
  dictionary.body = isDelta ? undefined : body.slice();
  dictionary.valueCount += layout.rowCount;
  assertCounts(dictionary);
  return true;
}

function collect(field: Field, joined: Map<bigint, Joined>): void {
  if (field.dictionary) joined.set(field.dictionary.id, { field, valueCount: 0, valueStart: 0, body: undefined });
  for (const child of field.children) collect(child, joined);
}

function assertCounts({ field, valueCount }: Joined): void {
  const { bitWidth, signed } = field.dictionary!.indexType;
  if (valueCount - 1 < 2 ** (signed ? bitWidth - 1 : bitWidth)) return;
  const words = `column ${field.name} has ${valueCount} values in the dictionaries of all its batches, too many for its ${bitWidth}-bit indices in one file; write an Arrow stream or Parquet`;
  throw new FlightError("out_of_range", words);
}

/** The array with its indices, and those of its children, moved to where their dictionaries' values are. */
function shift(array: ArrayView, joined: ReadonlyMap<bigint, Joined>): ArrayView {
  const children = array.children.map((child) => shift(child, joined));
  const { dictionary } = array.field;
  const by = dictionary === undefined ? 0 : joined.get(dictionary.id)!.valueStart;
  const [indices] = array.buffers;
  if (dictionary === undefined || by === 0 || indices === undefined) return { ...array, children };
  const bytes = new Uint8Array(indices.byteLength);
  indices.copyTo(bytes, 0);
  addToAll(bytes, dictionary.indexType.bitWidth, by);
  return { ...array, children, buffers: [new PiecedBytes([bytes]).range(0, bytes.byteLength)] };
}

/** Indices of nulls may overflow; they have no meaning. */
function addToAll({ buffer, byteLength }: Uint8Array<ArrayBuffer>, bitWidth: number, by: number): void {
  switch (bitWidth) {
    case 8:
      return addTo(new Uint8Array(buffer), by);
    case 16:
      return addTo(new Uint16Array(buffer, 0, byteLength >> 1), by);
    case 32:
      return addTo(new Uint32Array(buffer, 0, byteLength >> 2), by);
    default: {
      const indices = new BigUint64Array(buffer, 0, byteLength >> 3);
      for (let i = 0; i < indices.length; i++) indices[i]! += BigInt(by);
    }
  }
}

function addTo(indices: Uint8Array | Uint16Array | Uint32Array, by: number): void {
  for (let i = 0; i < indices.length; i++) indices[i]! += by;
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, i) => byte === b[i]);
}
