import { useRef } from "react";
import type { Field } from "hangar/flight";
import { columnFields } from "./column-fields.ts";

/**
 * Columns that have been asked for, and those that are now among them: the same ones as before, as long as they do and the
 * dataset has them all, so that whoever hides or moves a column need not read again.
 *
 * @param fields - what the dataset has
 * @param columns - names of those that are needed now
 */
export function useCoveringColumns(fields: readonly Field[], columns: readonly string[]): readonly string[] {
  const before = useRef<readonly string[]>([]);
  const names = new Set(columnFields(fields).map(({ name }) => name));
  const isCovering = columns.every((name) => before.current.includes(name));
  if (!isCovering || !before.current.every((name) => names.has(name))) before.current = columns.toSorted();
  return before.current;
}
