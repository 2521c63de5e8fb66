/** The number of characters between two columns. */
export const columnGap = 2;

/** The minimum width of a truncated column in characters, which is enough to recognize a value. */
const cutWidthMin = 8;

/**
 * Returns the widths of the columns that fit into a line, from the left. First, the widest columns are truncated to the
 * same width. If that is not enough, columns at the right are omitted, but never the first one.
 *
 * @param widths - the widths of all columns in characters
 * @param lineWidth - the width of a line in characters; at least 1
 */
export function fitColumns(widths: readonly number[], lineWidth: number): readonly number[] {
  const narrow = widths.map((width) => Math.min(width, cutWidthMin));
  let count = 0;
  for (let used = -columnGap; count < narrow.length; count++) {
    used += columnGap + (narrow[count] ?? 0);
    if (used > lineWidth) break;
  }
  const kept = widths.slice(0, Math.max(count, 1));
  const cap = widestCap(kept, lineWidth - columnGap * (kept.length - 1));
  return kept.map((width) => Math.min(width, cap));
}

/** Returns the largest maximum width with which all columns together fit into `room`. */
function widestCap(widths: readonly number[], room: number): number {
  let left = room;
  const ascending = widths.toSorted((a, b) => a - b);
  for (const [index, width] of ascending.entries()) {
    const share = Math.floor(left / (ascending.length - index));
    if (width > share) return Math.max(share, 1);
    left -= width;
  }
  return Infinity;
}
