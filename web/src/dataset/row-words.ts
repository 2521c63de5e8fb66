import type { Order } from "../state/view.ts";
import { formatCount, formatCounted, showName } from "../ui/format.ts";

/** Rows that a view means, as far as they are known. */
interface KnownRows {
  /** Rows that the table has; undefined while they are being loaded. */
  readonly source: { readonly rowCount: number } | undefined;
  /** Rows that meet the filter, by now. */
  readonly rowCount: number;
  readonly isCounted: boolean;
  /** Whatever counts on, where the count was stopped. */
  readonly count?: unknown;
  readonly error?: unknown;
}

/** What of the rows is told of. */
export interface ToldRows {
  /** Rows of the dataset, without a filter; undefined where the server does not know. */
  readonly rowCount: number | undefined;
  readonly filter: string;
  readonly order: Order | undefined;
  readonly rows: KnownRows;
}

/** By what rows are sorted, and which way; pure. */
export function orderWords({ by, isDescending }: Order): string {
  return `${showName(by)}, ${isDescending ? "descending" : "ascending"}`;
}

/** Which rows the table has, where it has not all of them; undefined where it has; pure. */
export function partWords({ source, rowCount, isCounted }: KnownRows): string | undefined {
  if (source === undefined || (isCounted && source.rowCount >= rowCount)) return undefined;
  return `the first ${formatCount(source.rowCount)}${isCounted ? ` of ${formatCount(rowCount)}` : ""} rows only`;
}

/** How many rows there are, how many of them meet the filter, and how many of these the table sorts; pure. */
export function countWords(told: ToldRows): string {
  const { order, rows } = told;
  const isPart = order !== undefined && rows.isCounted && partWords(rows) !== undefined;
  return `${matchWords(told)}${isPart ? `, the first ${formatCount(rows.source!.rowCount)} of them sorted` : ""}`;
}

function matchWords({ rowCount, filter, rows }: ToldRows): string {
  if (filter === "") return rowCount === undefined ? "rows not known" : formatCounted(rowCount, "row");
  if (rows.error) return `${formatCounted(rowCount ?? 0, "row")} in all`;
  const counted = `${formatCount(rows.rowCount)} of ${formatCounted(rowCount ?? 0, "row")} ${rows.rowCount === 1 ? "meets" : "meet"} the filter`;
  if (rows.isCounted) return counted;
  return rows.count ? `${counted}, as far as they have been counted` : `${counted}, counting…`;
}
