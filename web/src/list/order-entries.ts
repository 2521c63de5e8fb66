import type { DatasetEntry } from "../api/dataset-entry.ts";
import type { Order } from "../state/view.ts";

/** What a list can be ordered by. */
export type EntryKey = keyof DatasetEntry;

/** As people order names: `part-2` before `part-10`. */
const { compare: compareNames } = new Intl.Collator("en", { numeric: true });

/**
 * Searches and orders datasets; pure.
 *
 * @param search - words, each of which must stand in the name, in any case
 * @param order - by name where left out; what is not known comes last, whichever way the order goes
 */
export function orderEntries(
  entries: readonly DatasetEntry[],
  search: string,
  order: Order | undefined,
): readonly DatasetEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = entries.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  const sign = order?.isDescending ? -1 : 1;
  const key = (order?.by ?? "name") as EntryKey;
  return found.sort((a, b) => compareValues(a[key], b[key], sign) || compareNames(a.name, b.name));
}

type Value = string | number | undefined;

function compareValues(a: Value, b: Value, sign: number): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return sign * (typeof a === "string" ? compareNames(a, String(b)) : a - Number(b));
}
