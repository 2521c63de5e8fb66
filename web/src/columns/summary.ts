import type { ArrayView } from "hangar/flight";
import type { Dictionaries } from "hangar/rows";
import type { DistinctCount } from "./distinct-counter.ts";
import type { CountedText, CountLimits } from "./value-counts.ts";

/** The text of a bound, or the beginning of it. */
export interface Bound {
  readonly text: string;
  readonly isCut: boolean;
}

/**
 * What is known of a column from the rows that have been read; plain, so that a worker can send it. Values are as
 * docs/rows.md writes them.
 */
export interface ColumnSummary {
  readonly rowCount: number;
  readonly nullCount: number;
  /** Bounds of the values that are no nulls; of numbers, of the finite ones. */
  readonly min: Bound | undefined;
  readonly max: Bound | undefined;
  /** Undefined of nested values, which are not compared. */
  readonly distinct: DistinctCount | undefined;
  readonly distribution: Distribution;
}

/** How the values are distributed. */
export type Distribution =
  /** Of nested values nothing is told. */
  { readonly kind: "none" } | HistogramSummary | TopSummary;

/** Numbers and times: rows in parts of one width. */
export interface HistogramSummary {
  readonly kind: "histogram";
  /** Each begins with `from`, inclusive, and ends where the next one begins. */
  readonly bars: readonly { readonly from: string; readonly rowCount: number }[];
  /** Whether each bar stands for one value. */
  readonly isEach: boolean;
  /** Rows whose value has no bar. */
  readonly outside: { readonly nan: number; readonly infinity: number; readonly minusInfinity: number };
  readonly statistics: Statistics | undefined;
}

/** Of the finite values. */
export interface Statistics {
  readonly mean: string | undefined;
  /** The standard deviation; of dates and timestamps a number of seconds. */
  readonly deviation: string | undefined;
  readonly quantiles: readonly { readonly percent: number; readonly text: string }[];
  /** How many values the quantiles have been taken from, drawn at random; undefined where these are all. */
  readonly sampleSize: number | undefined;
}

/** Everything else: the values that most rows have. */
export interface TopSummary {
  readonly kind: "top";
  readonly values: readonly CountedText[];
  /** Whether there are more different values than have been counted. */
  readonly hasMore: boolean;
}

/** Values that are shown of a column of texts. */
export const topCount = 6;

/** Looks at the values of one column, batch by batch; what it keeps does not grow with the rows. */
export interface ColumnSummariser {
  /** Looks at the first rows of a batch. */
  add(array: ArrayView, dictionaries: Dictionaries, rowCount: number): void;
  /** What has been seen by now. */
  summary(): ColumnSummary;
}

/** What is kept of a column at most: of its different values, and how many values quantiles are taken from. */
export interface SummaryLimits extends CountLimits {
  readonly sampleMax: number;
}
