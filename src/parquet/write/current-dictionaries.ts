import { createFrame, FlightError, frameByteLength, joinBody, type FlightFrame } from "../../flight/index.ts";
import { dictionaryValueField, viewRecordBatch, type Field, type Message, type Schema } from "../../arrow/index.ts";
import { DictionaryTracker } from "./dictionary-tracker.ts";

/** A frame with values of a dictionary. */
export interface DictionaryFrame {
  readonly id: bigint;
  readonly frame: FlightFrame;
}

/** The current dictionaries of an incoming stream, including deltas. */
export class CurrentDictionaries {
  /** The memory of the dictionaries in bytes. */
  byteLength = 0;
  readonly #fields = new Map<bigint, Field>();
  readonly #frames = new Map<bigint, FlightFrame[]>();
  readonly #tracker = new DictionaryTracker();
  /** The current and the largest number of values of each dictionary. */
  readonly #valueCounts = new Map<bigint, { now: number; max: number }>();

  constructor(schema: Schema) {
    for (const field of schema.fields) this.#collect(field);
  }

  /** The frames of all dictionaries, which precede the batches of a row group. */
  get frames(): DictionaryFrame[] {
    return [...this.#frames].flatMap(([id, frames]) => frames.map((frame) => ({ id, frame })));
  }

  /** Returns whether a frame replaces the values of a dictionary, so that earlier batches need the previous values. */
  replaces(frame: FlightFrame, { id, isDelta }: DictionaryMessage): boolean {
    if (isDelta || !this.#frames.has(id)) return false;
    return this.#frames.get(id)!.length > 1 || !this.#tracker.has(id, frame);
  }

  /**
   * Replaces the values of a dictionary, or adds the values of a delta.
   *
   * @throws FlightError INVALID_ARGUMENT if no column has that dictionary, or the values have another type
   */
  take(frame: FlightFrame, { id, isDelta, layout }: DictionaryMessage): void {
    const field = this.#fields.get(id);
    if (field === undefined) {
      throw new FlightError("invalid_argument", `no column of the schema uses the dictionary ${id}`);
    }
    viewRecordBatch({ fields: [dictionaryValueField(field)], layout, body: frame.body });
    // One copy, which both use. The received pieces are views of larger chunks.
    const kept = createFrame({ header: frame.header, body: [joinBody(frame)] });
    if (isDelta) this.#framesOf(field, id).push(kept);
    else {
      for (const replaced of this.#frames.get(id) ?? []) this.byteLength -= heldBytes(replaced);
      this.#frames.set(id, [kept]);
      this.#tracker.replace(id, kept);
    }
    this.byteLength += heldBytes(kept);
    const { now, max } = this.#valueCounts.get(id) ?? { now: 0, max: 0 };
    const count = layout.rowCount + (isDelta ? now : 0);
    this.#valueCounts.set(id, { now: count, max: Math.max(max, count) });
  }

  /** Returns the largest number of values that a dictionary had. */
  valueCountMax(id: bigint): number {
    return this.#valueCounts.get(id)?.max ?? 0;
  }

  /** @throws FlightError INVALID_ARGUMENT naming a column whose dictionary was not sent before its first batch */
  assertComplete(): void {
    for (const [id, field] of this.#fields) this.#framesOf(field, id);
  }

  #framesOf(field: Field, id: bigint): FlightFrame[] {
    const frames = this.#frames.get(id);
    if (frames === undefined) {
      throw new FlightError(
        "invalid_argument",
        `the dictionary of column ${field.name} was not sent before it was used`,
      );
    }
    return frames;
  }

  #collect(field: Field): void {
    if (field.dictionary) this.#fields.set(field.dictionary.id, field);
    for (const child of field.children) this.#collect(child);
  }
}

/** The approximate memory of a frame besides its bytes. Deltas may be empty, and their number is unlimited. */
const frameOverheadBytes = 512;

function heldBytes(frame: FlightFrame): number {
  return frameByteLength(frame) + frameOverheadBytes;
}

/** The header of a dictionary batch, decoded. */
export type DictionaryMessage = Extract<Message, { kind: "dictionary_batch" }>;
