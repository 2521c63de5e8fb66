import type { ArrayView } from "hangar/flight";
import type { Dictionaries } from "hangar/rows";

/** Adds up the bytes of arrays; a dictionary that several of them have counts once. */
export class HeldSize {
  readonly #dictionaries = new Set<ArrayView>();
  byteLength = 0;

  add(array: ArrayView, dictionaries: Dictionaries): void {
    for (const buffer of array.buffers) this.byteLength += buffer.byteLength;
    for (const child of array.children) this.add(child, dictionaries);
    if (array.field.dictionary === undefined) return;
    for (const values of dictionaries.valuesOf(array.field)) {
      if (this.#dictionaries.has(values)) continue;
      this.#dictionaries.add(values);
      this.add(values, dictionaries);
    }
  }
}
