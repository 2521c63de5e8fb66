import { dictionaryValueField, type Field } from "../../arrow/index.ts";
import { convertArray } from "../write/convert-array.ts";
import type { ExportedBatch } from "./exported-batch.ts";

/**
 * Gives the columns of a batch the units that their file declares (`convertedLeaves`).
 *
 * @param declared - the fields of the columns, in their order; of one that stays as it is the very field that it has
 * @throws FlightError INVALID_ARGUMENT where a value is none in that unit
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
