import {
  adaptArray,
  createConstantArray,
  decodeMessage,
  dictionaryValueField,
  encodeBatchHeader,
  nullElementBytes,
  RecordBatchSlice,
  takeRows,
  toPairs,
  viewRecordBatch,
  type ArrayView,
  type Field,
  type Message,
  type Scalar,
} from "../../arrow/index.ts";
import { bodyByteLength, createFrame, type FlightFrame } from "../../flight/index.ts";

/** A column of adapted batches: a column of the source by its index, or the same value in each row. */
export interface AdaptedColumn {
  readonly field: Field;
  readonly source: number | { readonly value: Scalar | undefined };
}

/** The columns of the source and of the result. */
export interface Adaptation {
  readonly sourceFields: readonly Field[];
  readonly columns: readonly AdaptedColumn[];
}

/**
 * The memory of the constant columns of a batch, in bytes, above which a batch is cut. Only a column of large values of
 * one size, such as lists of a thousand numbers, has more in a usual batch.
 */
const constantBytesMax = 16 * 1024 * 1024;

/**
 * Converts the frames of a file to the columns of its folder.
 *
 * @param frames - without the schema
 */
export async function* adaptFrames(
  frames: AsyncIterable<FlightFrame>,
  adaptation: Adaptation,
): AsyncGenerator<FlightFrame, void, undefined> {
  const adapter = new FrameAdapter(adaptation);
  for await (const frame of frames) {
    const message = decodeMessage(frame.header);
    if (message.kind === "dictionary_batch") yield* adapter.takeDictionary(frame, message);
    if (message.kind !== "record_batch") continue;
    yield* adapter.adapt(frame, message);
    frame.release?.();
  }
}

/** Creates the batches of rows of a file of which no column is read. */
export function* createConstantBatches(columns: readonly AdaptedColumn[], rowCount: number): Generator<FlightFrame> {
  const adapter = new FrameAdapter({ sourceFields: [], columns });
  yield* adapter.create([], rowCount);
}

class FrameAdapter {
  readonly #adaptation: Adaptation;
  readonly #rowCountMax: number;
  readonly #values = new Map<bigint, ArrayView>();
  /** The fields of dictionaries by the id that they have in the source. */
  readonly #dictionaryFields: ReadonlyMap<bigint, Field>;
  /** The ids that dictionaries have in the result. The others become plain values. */
  readonly #newIds: ReadonlyMap<bigint, bigint>;
  /** The constant columns of the last batch, by their index. */
  #constants: { readonly rowCount: number; readonly arrays: ReadonlyMap<number, ArrayView> } | undefined;

  constructor(adaptation: Adaptation) {
    const { sourceFields, columns } = adaptation;
    this.#adaptation = adaptation;
    this.#dictionaryFields = new Map(
      sourceFields.flatMap(dictionaryFieldsOf).map((field) => [field.dictionary!.id, field]),
    );
    this.#newIds = new Map(
      columns.flatMap(({ field, source }) => {
        const own = typeof source === "number" ? sourceFields[source]!.dictionary : undefined;
        return own && field.dictionary ? [[own.id, field.dictionary.id] as const] : [];
      }),
    );
    const rowBytes = columns.reduce(
      (sum, { field, source }) => sum + (typeof source === "number" ? 0 : constantBytes(field, source.value)),
      0,
    );
    this.#rowCountMax = Math.max(1, Math.floor(constantBytesMax / Math.max(rowBytes, 1)));
  }

  /** Keeps the values of a dictionary, or passes them on. */
  *takeDictionary(
    frame: FlightFrame,
    { id, layout }: Extract<Message, { kind: "dictionary_batch" }>,
  ): Generator<FlightFrame> {
    const newId = this.#newIds.get(id);
    if (newId === undefined) {
      const field = dictionaryValueField(this.#dictionaryFields.get(id)!);
      this.#values.set(id, viewRecordBatch({ fields: [field], layout, body: frame.body })[0]!);
      return;
    }
    const header = encodeBatchHeader({
      ...toPairs(layout),
      bodyByteLength: bodyByteLength(frame),
      dictionaryId: newId,
    });
    yield createFrame({ ...frame, header });
  }

  adapt({ body }: FlightFrame, { layout }: Extract<Message, { kind: "record_batch" }>): Generator<FlightFrame> {
    const arrays = viewRecordBatch({ fields: this.#adaptation.sourceFields, layout, body });
    return this.create(arrays, layout.rowCount);
  }

  *create(arrays: readonly ArrayView[], rowCount: number): Generator<FlightFrame> {
    if (rowCount <= this.#rowCountMax) {
      yield this.#createBatch(arrays, rowCount);
      return;
    }
    for (let start = 0; start < rowCount; start += this.#rowCountMax) {
      const count = Math.min(this.#rowCountMax, rowCount - start);
      const rows = Uint32Array.from({ length: count }, (_, i) => start + i);
      yield this.#createBatch(
        arrays.map((array) => takeRows(array, rows)),
        count,
      );
    }
  }

  #createBatch(arrays: readonly ArrayView[], rowCount: number): FlightFrame {
    const constants = this.#constantsOf(rowCount);
    const columns = this.#adaptation.columns.map(({ field, source }, i) =>
      typeof source === "number" ? adaptArray(arrays[source]!, field, (id) => this.#values.get(id)) : constants.get(i)!,
    );
    return new RecordBatchSlice(columns, { rowStart: 0, rowCount }).toFrame();
  }

  /** Most batches of a file have the same number of rows. */
  #constantsOf(rowCount: number): ReadonlyMap<number, ArrayView> {
    if (this.#constants?.rowCount !== rowCount) {
      const arrays = this.#adaptation.columns.flatMap(({ field, source }, i) =>
        typeof source === "number" ? [] : [[i, createConstantArray(field, source.value, rowCount)] as const],
      );
      this.#constants = { rowCount, arrays: new Map(arrays) };
    }
    return this.#constants.arrays;
  }
}

function constantBytes(field: Field, value: Scalar | undefined): number {
  return nullElementBytes(field) + (value instanceof Uint8Array ? value.byteLength : 0);
}

function dictionaryFieldsOf(field: Field): Field[] {
  return [...(field.dictionary ? [field] : []), ...field.children.flatMap(dictionaryFieldsOf)];
}
