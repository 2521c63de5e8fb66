import { dictionaryValueField, viewRecordBatch, type ArrayView, type Field, type Message } from "../arrow/index.ts";
import { FlightError, type FlightFrame } from "../flight/index.ts";

/** The header of a dictionary batch. */
export type DictionaryMessage = Extract<Message, { kind: "dictionary_batch" }>;

/** The current values of all dictionaries in a stream. */
export class Dictionaries {
  readonly #fields = new Map<bigint, Field>();
  readonly #values = new Map<bigint, readonly ArrayView[]>();

  /** @param fields - the columns of the stream @internal */
  constructor(fields: readonly Field[]) {
    for (const field of fields) this.#collect(field);
  }

  /**
   * Takes a dictionary batch. Its values replace the current ones, or are appended if it is a delta.
   *
   * @internal
   */
  take({ body }: FlightFrame, { id, layout, isDelta }: DictionaryMessage): void {
    const field = this.#fields.get(id);
    if (field === undefined) throw new FlightError("invalid_argument", `no column has the dictionary ${id}`);
    const [values] = viewRecordBatch({ fields: [dictionaryValueField(field)], layout, body, isReadOnly: true });
    this.#values.set(id, [...(isDelta ? (this.#values.get(id) ?? []) : []), values!]);
  }

  /**
   * Returns the values of the dictionary of a field, one array for each dictionary batch. The result is the same object
   * until the values change.
   *
   * @throws FlightError INVALID_ARGUMENT if no dictionary batch has arrived
   */
  valuesOf({ name, dictionary }: Field): readonly ArrayView[] {
    const values = dictionary && this.#values.get(dictionary.id);
    if (values === undefined)
      throw new FlightError("invalid_argument", `the dictionary of column ${name} has not arrived`);
    return values;
  }

  #collect(field: Field): void {
    if (field.dictionary) this.#fields.set(field.dictionary.id, field);
    for (const child of field.children) this.#collect(child);
  }
}
