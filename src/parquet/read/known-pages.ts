import type { Field, Scalar } from "../../arrow/index.ts";
import { compareOf } from "../../filter/index.ts";
import type { ColumnChunk } from "../format/column-chunks.ts";
import type { PageFacts } from "../format/page-ranges.ts";
import { toKnownRange, unknownRange, type KnownRange } from "./known-range.ts";

/** The rows of a page and the known range of their values. */
export interface KnownPage extends KnownRange {
  /** The first row, from 0 in the row group. */
  readonly rowStart: number;
  readonly rowCount: number;
}

/**
 * Returns the reliable statistics of a column's page index. The column has one value or null for each row. A page whose
 * statistics contradict themselves has an unknown range. All pages do if together they contradict the column chunk's
 * statistics.
 */
export function toKnownPages(pages: readonly PageFacts[], chunk: ColumnChunk, field: Field): readonly KnownPage[] {
  const { physicalType, typeByteLength, unit } = chunk;
  const known = pages.map((page): KnownPage => {
    const { rowStart, rowCount } = page;
    const hasBounds = page.min !== undefined || page.max !== undefined;
    // The index states in two ways that a page has only nulls. Both must agree.
    const isPlausible = page.isNullPage ? page.nullCount === rowCount : page.nullCount !== rowCount;
    const stated = { ...page, valueCount: rowCount, hasBounds, physicalType, typeByteLength, unit };
    return { rowStart, rowCount, ...(isPlausible ? toKnownRange(stated, field) : unknownRange) };
  });
  const whole = toKnownRange(chunk, field);
  if (!addsUp(known, whole)) return known.map((page) => ({ ...page, ...unknownRange }));
  // A null count of 0 is trusted only if the footer and the page index both state it.
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
  // A bound of bytes may be truncated in one of the two places, but only to a wider bound.
  const isWithin = (bound: "min" | "max", page: Scalar, chunk: Scalar): boolean => {
    const order = compareOf(chunk)(page, chunk);
    return chunk instanceof Uint8Array || (bound === "min" ? order >= 0 : order <= 0);
  };
  return pages.every(({ min, max }) => {
    if (min !== undefined && whole.min !== undefined && !isWithin("min", min, whole.min)) return false;
    return max === undefined || whole.max === undefined || isWithin("max", max, whole.max);
  });
}
