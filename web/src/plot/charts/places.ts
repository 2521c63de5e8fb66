import type { Field } from "hangar/flight";
import { isDate } from "../axis.ts";
import { divide, edgeOf, extentOf, partOf, type Extent, type Parts } from "../bin-rows.ts";
import type { Channel } from "../channel.ts";
import { rankGroups } from "../groups.ts";
import { partWords } from "./mark-words.ts";

/** Categories that have a place of their own at most. */
const categoriesShownMax = 30;

/** Places along x: categories with their labels, or parts of an axis. */
export interface Places {
  readonly count: number;
  readonly labels: readonly string[] | undefined;
  readonly parts: Parts | undefined;
  of(row: number): number;
  at(place: number): { readonly label: string } | { readonly x1: number; readonly x2: number };
  words(place: number): string;
}

/** The places along x; pure. */
export function placesOf(x: Channel, countMax: number, range: Extent | undefined): Places {
  if (x.labels) {
    const { of, labels } = rankGroups(x, categoriesShownMax);
    const words = (place: number): string => labels[place]!;
    return {
      count: labels.length,
      labels,
      parts: undefined,
      of: (row) => of[row]!,
      at: (place) => ({ label: words(place) }),
      words,
    };
  }
  const parts = partsOf(x, countMax, range);
  return {
    count: parts.count,
    labels: undefined,
    parts,
    of: (row) => partOf(parts, x.values[row]!),
    at: (place) => ({ x1: edgeOf(parts, place), x2: edgeOf(parts, place + 1) }),
    words: (place) => partWords(x, parts, place),
  };
}

/** The parts of an axis of numbers, over a range, or over all values; pure. */
export function partsOf({ field, values }: Channel, countMax: number, range: Extent | undefined): Parts {
  return divideAxis(field, range ?? extentOf(values) ?? [0, 1], countMax);
}

/** Divides the axis of a column; pure. */
export function divideAxis(field: Field, [min, max]: Extent, countMax: number): Parts {
  return divide(min, max, { isDate: isDate(field), isWhole: field.type.kind === "int", countMax });
}

/** What all parts together go over. */
export function domainOf(parts: Parts): Extent {
  return [edgeOf(parts, 0), edgeOf(parts, parts.count)];
}
