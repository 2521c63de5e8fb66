import type { Field, Scalar } from "../../arrow/index.ts";
import { compareOf } from "../../filter/index.ts";
import type { ColumnChunk } from "../format/column-chunks.ts";
import type { PageFacts } from "../format/page-ranges.ts";
import { toKnownRange, unknownRange, type KnownRange } from "./known-range.ts";

/** Rows of a page, and what is known of their values. */
export interface KnownPage extends KnownRange {
  /** The first row, from 0 in the row group. */
  readonly rowStart: number;
  readonly rowCount: number;
}

/**
 * What page indexes tell of a column with a value, or a null, for each row, as far as it can be right: nothing of a page
 * that contradicts itself, and nothing at all where the pages together contradict what the footer says of their chunk.
 */
export function toKnownPages(pages: readonly PageFacts[], chunk: ColumnChunk, field: Field): readonly KnownPage[] {
  const { physicalType, typeByteLength, unit } = chunk;
  const known = pages.map((page): KnownPage => {
    const { rowStart, rowCount } = page;
    const hasBounds = page.min !== undefined || page.max !== undefined;
    // A page is said to have nulls alone in two ways, which have to agree.
    const isPlausible = page.isNullPage ? page.nullCount === rowCount : page.nullCount !== rowCount;
    const stated = { ...page, valueCount: rowCount, hasBounds, physicalType, typeByteLength, unit };
    return { rowStart, rowCount, ...(isPlausible ? toKnownRange(stated, field) : unknownRange) };
  });
  const whole = toKnownRange(chunk, field);
  if (!addsUp(known, whole)) return known.map((page) => ({ ...page, ...unknownRange }));
  // That there are no nulls is believed where it is said twice.
  return whole.nullCount === undefined ? known.map(withoutZero) : known;
}

function withoutZero(page: KnownPage): KnownPage {
  return page.nullCount === 0 ? { ...page, nullCount: undefined } : page;
}

function addsUp(pages: readonly KnownPage[], whole: KnownRange): boolean {
  const nullCounts = pages.map(({ nullCount }) => nullCount);
  if (whole.nullCount !== undefined && !nullCounts.includes(undefined)) {
    if (nullCounts.reduce((sum: number, count) => sum + count!, 0) !== whole.nullCount) return false;
  }
  // A bound of bytes may be cut in one place and not in the other, but only to a wider one.
  const isWithin = (bound: "min" | "max", page: Scalar, chunk: Scalar): boolean => {
    const order = compareOf(chunk)(page, chunk);
    return chunk instanceof Uint8Array || (bound === "min" ? order >= 0 : order <= 0);
  };
  return pages.every(({ min, max }) => {
    if (min !== undefined && whole.min !== undefined && !isWithin("min", min, whole.min)) return false;
    return max === undefined || whole.max === undefined || isWithin("max", max, whole.max);
  });
}
