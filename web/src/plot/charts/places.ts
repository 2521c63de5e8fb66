import type { Field } from "hangar/flight";
import { isDate } from "../axis.ts";
import { divide, edgeOf, extentOf, partOf, type Extent, type Parts } from "../bin-rows.ts";
import type { Channel } from "../channel.ts";
import { nullColour, rankGroups } from "../groups.ts";
import { isEachValue, partWords } from "./mark-words.ts";

/** Categories that have a place of their own at most. */
const categoriesShownMax = 30;

const colour = "var(--series-1)";

/** Places along x: categories with their labels, or parts of an axis. */
export interface Places {
  readonly count: number;
  readonly labels: readonly string[] | undefined;
  readonly parts: Parts | undefined;
  of(row: number): number;
  at(place: number): { readonly label: string } | { readonly x1: number; readonly x2: number };
  words(place: number): string;
  /** The colour of what stands there, where colours mean nothing else. */
  colourOf(place: number): string;
}

/** The places along x; pure. */
export function placesOf(x: Channel, countMax: number, range: Extent | undefined): Places {
  if (x.labels) {
    const { of, labels, nullGroup } = rankGroups(x, categoriesShownMax);
    const words = (place: number): string => labels[place]!;
    return {
      count: labels.length,
      labels,
      parts: undefined,
      of: (row) => of[row]!,
      at: (place) => ({ label: words(place) }),
      words,
      colourOf: (place) => (place === nullGroup ? nullColour : colour),
    };
  }
  const parts = partsOf(x, countMax, range);
  const before = centre(x, parts);
  return {
    count: parts.count,
    labels: undefined,
    parts,
    of: (row) => partOf(parts, x.values[row]!),
    at: (place) => ({ x1: edgeOf(parts, place) - before, x2: edgeOf(parts, place + 1) - before }),
    words: (place) => partWords(x, parts, place),
    colourOf: () => colour,
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

/** How far the bar of one whole number begins before it, so that it stands above it; 0 for other parts. */
function centre(x: Channel, parts: Parts): number {
  return isEachValue(x, parts) ? 0.5 : 0;
}

/** What the bars of all parts together go over; pure. */
export function barDomainOf(x: Channel, parts: Parts): Extent {
  const before = centre(x, parts);
  const [from, to] = domainOf(parts);
  return [from - before, to - before];
}

/** What all parts together go over. */
export function domainOf(parts: Parts): Extent {
  return [edgeOf(parts, 0), edgeOf(parts, parts.count)];
}
