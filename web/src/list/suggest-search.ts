import { findSimilar } from "hangar/flight";
import type { DatasetEntry } from "../api/dataset-entry.ts";
import { searchEntries } from "./order-entries.ts";

/** Words of names that are compared, which bounds the time that a mistake takes. */
const wordsMax = 20_000;

/**
 * Returns a search that finds something, whose words are similar to those of one that finds nothing; undefined if there
 * is none; pure.
 *
 * @param start - where the part of each name begins that is searched
 */
export function suggestSearch(entries: readonly DatasetEntry[], search: string, start: number): string | undefined {
  const known = new Set<string>();
  for (const { name } of entries) {
    for (const word of name
      .slice(start)
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u))
      known.add(word);
    if (known.size > wordsMax) break;
  }
  known.delete("");
  const candidates = [...known];
  const isFound = (word: string): boolean => searchEntries(entries, word, start).length > 0;
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const suggested = words.map((word) => (isFound(word) ? word : (findSimilar(word, candidates) ?? word))).join(" ");
  return searchEntries(entries, suggested, start).length > 0 ? suggested : undefined;
}
