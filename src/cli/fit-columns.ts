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

/** A column of a list: its natural width, and whether longer cells may be continued on a line of their own. */
export interface ListColumn {
  readonly width: number;
  readonly flows: boolean;
}

/**
 * Returns the widths of a list's columns that fit into a line. Columns that flow are narrowed. Columns that do not fit
 * then are omitted at the right, but never the first one.
 *
 * @param lineWidth - the width of a line in characters; at least 1
 */
export function fitListColumns(columns: readonly ListColumn[], lineWidth: number): readonly number[] {
  let [count, used] = [0, -columnGap];
  for (const { width, flows } of columns) {
    used += columnGap + (flows ? Math.min(width, cutWidthMin) : width);
    if (used > lineWidth) break;
    count += 1;
  }
  const kept = columns.slice(0, Math.max(count, 1));
  const whole = kept.reduce((sum, { width, flows }) => sum + columnGap + (flows ? 0 : width), -columnGap);
  const flowing = kept.filter(({ flows }) => flows).map(({ width }) => width);
  const cap = widestCap(flowing, lineWidth - whole);
  return kept.map(({ width, flows }) => (flows ? Math.min(width, cap) : width));
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
