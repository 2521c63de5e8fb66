import { dictionaryValueField, type Field } from "../../arrow/index.ts";
import { convertArray } from "../write/convert-array.ts";
import type { ExportedBatch } from "./exported-batch.ts";

/**
 * Converts the columns of a batch to the units that the file declares (`convertedLeaves`).
 *
 * @param declared - the declared fields in the order of the columns; for an unchanged column, the same object as its
 * field
 * @throws FlightError INVALID_ARGUMENT if a value does not fit the declared unit
 */
export function restoreUnits({ columns, dictionaryValues }: ExportedBatch, declared: readonly Field[]): ExportedBatch {
  const values = new Map(dictionaryValues);
  const restoreValues = (stored: Field, target: Field): void => {
    if (stored === target) return;
    if (stored.dictionary) {
      const { id } = stored.dictionary;
      values.set(id, convertArray(values.get(id)!, dictionaryValueField(target), new Map()));
    }
    stored.children.forEach((child, i) => restoreValues(child, target.children[i]!));
  };
  const restored = columns.map((column, i) => {
    restoreValues(column.field, declared[i]!);
    return convertArray(column, declared[i]!, new Map());
  });
  return { columns: restored, dictionaryValues: values };
}
