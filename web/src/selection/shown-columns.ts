import type { Field } from "hangar/flight";
import { columnFields } from "./column-fields.ts";

/** Columns that a dataset begins with; more are shown when they are asked for, as each one costs on the screen. */
export const firstColumnsMax = 40;

/** Stands for all columns of a dataset, in the list of those that are shown. */
export const allColumns = "*";

/**
 * The columns that a table shows; pure.
 *
 * @param names - in the order of the table, fields of structs by their paths; names that the dataset has not are passed
 * over; undefined for its first columns, `allColumns` alone for all of them
 */
export function shownColumns(fields: readonly Field[], names: readonly string[] | undefined): readonly Field[] {
  const byName = new Map(columnFields(fields).map((field) => [field.name, field]));
  const found = [...new Set(names)].map((name) => byName.get(name)).filter((field) => field !== undefined);
  if (found.length > 0) return found;
  return names?.[0] === allColumns ? fields : fields.slice(0, firstColumnsMax);
}

/** The names with one moved by a place to the left (-1) or right (1); pure. */
export function moveColumn(names: readonly string[], name: string, by: -1 | 1): readonly string[] {
  const from = names.indexOf(name);
  const to = from + by;
  if (from < 0 || to < 0 || to >= names.length) return names;
  return names.with(from, names[to]!).with(to, name);
}

/** The name of a column that takes few bytes a row, for what is not about its values; pure. */
export function narrowestColumn(fields: readonly Field[]): string {
  return fields.toSorted((a, b) => bitsOf(a) - bitsOf(b))[0]?.name ?? "";
}

/** Bits of a value, by its type; what has no fixed number of them counts as many. */
function bitsOf({ type, dictionary }: Field): number {
  if (dictionary) return 64;
  if (type.kind === "bool") return 1;
  if (type.kind === "int" || type.kind === "float" || type.kind === "decimal") return type.bitWidth;
  return type.kind === "date" || type.kind === "timestamp" ? 64 : 1000;
}
