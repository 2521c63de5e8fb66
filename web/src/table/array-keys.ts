import { readScalars, readValidity, type ArrayView, type ElementReader } from "hangar/flight";
import { textCells, type Dictionaries } from "hangar/rows";
import type { SortKey } from "./order-rows.ts";
import { shownType } from "./show-cells.ts";
import { isMeasure, toSortKey } from "./sort-key.ts";

/** Reads what the elements of a column are compared by: numbers and times as such, everything else by its text. */
export function sortKeys(array: ArrayView, dictionaries: Dictionaries): ElementReader<SortKey> {
  if (array.field.dictionary || !isMeasure(array.field.type)) {
    const cells = textCells(array, dictionaries);
    const type = shownType(array.field);
    return (index) => {
      const text = cells(index);
      return text === null ? null : toSortKey(type, text);
    };
  }
  const isValid = readValidity(array);
  const read = readScalars(array);
  return (index) => (isValid(index) ? (read(index) as number | bigint) : null);
}
