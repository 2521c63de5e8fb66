import { mebi } from "../../flight/index.ts";

/**
 * The target size of a written row group in Arrow bytes. Several row groups of this size fit into a worker, and the
 * first batch of a reader arrives soon. The footer takes about 0.01% of the file.
 */
export const rowGroupBytesTarget = 16 * mebi;

/** The maximum target size of a row group of a wide file, in Arrow bytes. Three of them fit into `encodingBytesMax`. */
const wideGroupBytesTarget = 32 * mebi;

/** The Arrow bytes that each column should have in a row group: a column chunk costs as much as a few kilobytes. */
const columnBytesTarget = 8 * 1024;

/** Returns the target size of a row group, in Arrow bytes. @param columnCount - the columns at the top level */
export function rowGroupBytesFor(columnCount: number): number {
  return Math.max(rowGroupBytesTarget, Math.min(columnCount * columnBytesTarget, wideGroupBytesTarget));
}

/** The maximum number of rows in a written row group: 1 Mi, as in pyarrow. It limits groups of narrow columns. */
export const rowGroupRowsMax = mebi;
