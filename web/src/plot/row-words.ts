import type { DatasetDescription } from "../api/describe-dataset.ts";
import { formatCount, formatCounted, formatShare } from "../ui/format.ts";
import type { ReadingRows } from "./use-plot-rows.ts";

/** Which rows a chart is of. */
export interface PlottedRows {
  readonly dataset: DatasetDescription;
  readonly filter: string;
  readonly isZoomed: boolean;
  /** Rows that are read at most. */
  readonly limit: number;
  readonly reading: ReadingRows;
}

/** Says which rows a chart is of: all, or some; and how many have no place in it; pure. */
export function rowWords({ dataset, filter, isZoomed, limit, reading }: PlottedRows): string {
  const { readCount, isStopped, rows } = reading;
  const meet = `${filter === "" ? "" : " that meet the filter"}${isZoomed ? " of this part" : ""}`;
  const { rowCount: total, hasSelections } = dataset;
  const isAll = !isStopped && (readCount < limit || readCount === total);
  const isSample = !isStopped && hasSelections && meet === "" && total !== undefined;
  const share = meet === "" && total ? ` of ${formatCounted(total, "row")} (${formatShare(readCount, total)})` : meet;
  const read = isAll
    ? `All ${formatCounted(isZoomed ? (rows?.count ?? 0) : readCount, "row")}${meet}.`
    : isSample
      ? `A sample: ${formatCount(readCount)}${share}, in parts at random places.`
      : `The first ${formatCount(readCount)}${share || " rows"}.`;
  const missing = rows?.missingCount ?? 0;
  if (missing === 0) return read;
  return `${read} ${formatCounted(missing, "row")} of these have a null, or no finite number, and so no place.`;
}
