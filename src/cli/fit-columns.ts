/** The number of characters between two columns. */
export const columnGap = 2;

/** The width that a cut column keeps, in characters: enough to recognise a value. */
const cutWidthMin = 8;

/**
 * Returns the widths of the columns that fit into a line, from the left. Wide columns become equally narrow first. If
 * that is not enough, columns at the right are left out; the first one stays.
 *
 * @param widths - of all columns, in characters
 * @param lineWidth - the characters of a line; at least 1
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

/** Returns the greatest width to which all columns can be cut so that together they take at most `room`. */
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
