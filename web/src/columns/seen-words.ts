import { formatCount, formatCounted, formatShare } from "../ui/format.ts";

/** Which rows have been read. */
export interface SeenRows {
  readonly rowCount: number;
  readonly isDone: boolean;
  /** Whether these are all rows, of those that meet the filter. */
  readonly isAll: boolean;
  /** Whether they are drawn from all over the dataset. */
  readonly isSample: boolean;
  /** Rows of the dataset; undefined where the server does not know. */
  readonly total: number | undefined;
  readonly filter: string;
}

/** Says which rows the statistics are of; pure. */
export function seenWords({ rowCount, isDone, isAll, isSample, total, filter }: SeenRows): string {
  const meet = filter === "" ? "" : " that meet the filter";
  if (isAll) return `Statistics of all ${formatCounted(rowCount, "row")}${meet}.`;
  if (!isDone) return `Reading rows${meet}: ${formatCount(rowCount)} so far.`;
  const share =
    total !== undefined && total > 0 && filter === ""
      ? ` of ${formatCount(total)} (${formatShare(rowCount, total)})`
      : meet;
  if (isSample) return `Statistics of a sample: ${formatCounted(rowCount, "row")}${share}, from random places.`;
  return `Statistics of the first ${formatCounted(rowCount, "row")}${share}.`;
}

/** Says what a distribution of a sample may be taken for. */
export const gapWords = "The sample is of runs of neighbouring rows, so a sorted column has gaps.";
