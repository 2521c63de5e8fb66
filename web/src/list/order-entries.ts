import type { DatasetEntry } from "../api/dataset-entry.ts";
import type { Order } from "../state/view.ts";

/** What a list can be ordered by. */
export type EntryKey = keyof DatasetEntry;

/** As people order names: `part-2` before `part-10`. */
const { compare: compareNames } = new Intl.Collator("en", { numeric: true });

/**
 * Searches datasets; pure.
 *
 * @param search - words, each of which must stand in the name, in any case
 * @param start - where the part of each name begins that is searched
 */
export function searchEntries(
  entries: readonly DatasetEntry[],
  search: string,
  start: number,
): readonly DatasetEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word, start)));
}

/** Compares datasets: by name where no order is given; what is not known comes last, whichever way the order goes. */
export function compareEntries(order: Order | undefined): (a: DatasetEntry, b: DatasetEntry) => number {
  const sign = order?.isDescending ? -1 : 1;
  const key = (order?.by ?? "name") as EntryKey;
  return (a, b) => compareValues(a[key], b[key], sign) || compareNames(a.name, b.name);
}

type Value = string | number | undefined;

function compareValues(a: Value, b: Value, sign: number): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return sign * (typeof a === "string" ? compareNames(a, String(b)) : a - Number(b));
}
