import type { RowSpan } from "./read-plan.ts";

/** A range of rows of a row group; the end is exclusive. */
export type Rows = readonly [start: number, end: number];

/** Adds a range behind others, and joins it to the last one if the gap between them has fewer than `gapMin` rows. */
export function joinRows(ranges: [number, number][], [start, end]: Rows, gapMin: number): void {
  const last = ranges.at(-1);
  if (last && start - last[1] < gapMin) last[1] = end;
  else ranges.push([start, end]);
}

/** Returns the parts of a span for ranges of it that are in ascending order and apart. */
export function cutSpan(span: RowSpan, ranges: readonly Rows[]): RowSpan[] {
  const { rowCount, byteLength } = span;
  return ranges.map(([start, end]) => ({
    ...span,
    rowStart: start,
    rowCount: end - start,
    isWhole: span.isWhole && end - start === rowCount,
    byteLength: byteLength * ((end - start) / rowCount),
  }));
}
