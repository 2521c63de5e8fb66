import { batchBodyBytesTarget } from "../../flight/index.ts";
import type { RowGroupFacts } from "./parquet-facts.ts";
import { onePageRowsMax, tailShare } from "../limits.ts";
import {
  batchColumnBytes,
  batchMessageBytesMax,
  columnBytesMin,
  crowdedBytesMin,
  firstSliceBytes,
  firstSliceRowsMax,
  sharedBytesMax,
  sharedBytesMin,
  sharedRowsMax,
  sliceBytesCrowded,
  sliceBytesMax,
  sliceBytesMin,
  sliceBytesTarget,
  sliceGrowthMax,
  valueBytesMin,
} from "./limits.ts";

/** Rows that one job decodes: some of one row group, or all of several. */
export interface Slice {
  /** At least one, in ascending order. */
  readonly rowGroupIndices: readonly number[];
  /** The index of the first row in the first row group. */
  readonly rowStart: number;
  /** At least 1. */
  readonly rowCount: number;
  /** Whether the slice has all rows of its row groups. */
  readonly isWhole: boolean;
  /** The maximum number of rows in a batch. */
  readonly batchRowCount: number;
  /** The expected size in Arrow in bytes, before a filter. */
  readonly expectedBytes: number;
}

/** Rows of one row group that will be read. */
export interface RowSpan {
  readonly rowGroupIndex: number;
  /** The index of the first row in its row group. */
  readonly rowStart: number;
  readonly rowCount: number;
  /** Whether the span is the whole row group. */
  readonly isWhole: boolean;
  /** The size of the rows in bytes, as in `RowGroupFacts`. */
  readonly byteLength: number;
}

/** The position of a reader. */
export interface ReadPosition {
  readonly spanIndex: number;
  /** The number of rows of the span that were already planned. */
  readonly rowCount: number;
}

/** The position at the start. */
export const readStart: ReadPosition = { spanIndex: 0, rowCount: 0 };

/** The measured size of a slice. */
export interface MeasuredSlice {
  readonly rowCount: number;
  /** The size in Arrow in bytes, before a filter. */
  readonly byteLength: number;
  /** Whether most of the row group was read or decoded for the slice. The next slice would cost the same. */
  readonly isCostly?: boolean;
}

/** The input for planning the next slice. */
export interface SlicePlanInput {
  readonly spans: readonly RowSpan[];
  readonly position: ReadPosition;
  /** The last decoded slice; undefined before the first one. */
  readonly measured: MeasuredSlice | undefined;
  /** The number of decoded bytes that readers may still hold. */
  readonly freeBytes: number;
  /** The number of decoded columns. */
  readonly columnCount: number;
}

/** A range of rows of a file. */
export interface RowWindow {
  /** The index of the first row in the file. Past the end, the range is empty. */
  readonly offset?: number | undefined;
  /** The maximum number of rows; all by default. */
  readonly limit?: number | undefined;
}

/** Returns the spans of a range of rows. No span is empty. */
export function planWindow(rowGroups: readonly RowGroupFacts[], { offset = 0, limit = Infinity }: RowWindow) {
  const spans: RowSpan[] = [];
  let skipped = 0;
  let rest = limit;
  for (const [rowGroupIndex, group] of rowGroups.entries()) {
    const rowStart = Math.min(offset - skipped, group.rowCount);
    const rowCount = Math.min(group.rowCount - rowStart, rest);
    skipped += rowStart;
    rest -= rowCount;
    if (rowCount === 0) continue;
    const byteLength = group.byteLength * (rowCount / group.rowCount);
    spans.push({ rowGroupIndex, rowStart, rowCount, isWhole: rowCount === group.rowCount, byteLength });
  }
  return spans;
}

/** A slice, and the position of the reader after it. */
export interface PlannedSlice {
  readonly slice: Slice;
  readonly next: ReadPosition;
}

/**
 * Plans the next slice; undefined at the end of the spans.
 *
 * The footer states the encoded size of rows, which says little about their size in Arrow if there are dictionaries. So
 * the first slice is small, which also makes the first batch fast. Its measured size determines the size of the next
 * slices.
 */
export function planSlice(input: SlicePlanInput): PlannedSlice | undefined {
  const { spans, position, measured, columnCount } = input;
  const span = spans[position.spanIndex];
  if (span === undefined) return undefined;
  const rest = span.rowCount - position.rowCount;
  const bytesPerRow = measured ? measured.byteLength / measured.rowCount : estimateRowBytes(span, columnCount);
  const rowsOf = (byteLength: number): number => Math.max(1, Math.floor(byteLength / Math.max(bytesPerRow, 1 / 8)));
  const wanted = measured
    ? Math.min(rowsOf(sliceBytes(span, input, measured)), sliceGrowthMax * measured.rowCount)
    : (sharedRowCount(spans) ?? Math.min(rowsOf(firstBytes(input)), firstSliceRowsMax));
  const isLikeOthers = measured !== undefined || isManyColumns(columnCount);
  const takesRest = rest <= wanted * (isLikeOthers ? 1 + tailShare : 1);
  const takesAll = takesRest && rest === span.rowCount;
  const taken = takesAll ? takeWhole(spans, position.spanIndex, wanted) : [span];
  const rowCount = takesRest ? rest + sumRows(taken.slice(1)) : wanted;
  return {
    slice: {
      rowGroupIndices: taken.map(({ rowGroupIndex }) => rowGroupIndex),
      rowStart: span.rowStart + position.rowCount,
      rowCount,
      isWhole: takesAll && span.isWhole,
      batchRowCount: Math.min(rowCount, rowsOf(batchBytes(columnCount))),
      expectedBytes: Math.ceil(rowCount * bytesPerRow),
    },
    next: takesRest
      ? { spanIndex: position.spanIndex + taken.length, rowCount: 0 }
      : { ...position, rowCount: position.rowCount + rowCount },
  };
}

/** Returns the expected size of a row in Arrow. Encoded, a column may be much smaller than its values. */
function estimateRowBytes(span: RowSpan, columnCount: number): number {
  const encoded = span.byteLength / span.rowCount;
  return isManyColumns(columnCount) ? Math.max(encoded, columnCount * valueBytesMin) : encoded;
}

/**
 * Returns a span and the following ones while all are whole row groups and have at most `rowCountMax` rows in total.
 */
function takeWhole(spans: readonly RowSpan[], start: number, rowCountMax: number): readonly RowSpan[] {
  const first = spans[start]!;
  let end = start + 1;
  let rowCount = first.rowCount;
  const isTaken = (next: RowSpan | undefined): next is RowSpan =>
    first.isWhole && next?.isWhole === true && rowCount + next.rowCount <= rowCountMax;
  for (let next = spans[end]; isTaken(next); next = spans[++end]) rowCount += next.rowCount;
  return spans.slice(start, end);
}

function sumRows(spans: readonly RowSpan[]): number {
  return spans.reduce((sum, { rowCount }) => sum + rowCount, 0);
}

/** Returns whether slices are large because of the number of columns, so that the first one is like the others. */
export function isWide({ columnCount, freeBytes }: Pick<SlicePlanInput, "columnCount" | "freeBytes">): boolean {
  return isManyColumns(columnCount) && freeBytes > 4 * Math.min(columnCount * columnBytesMin, sliceBytesTarget);
}

/** Returns whether a read is so small that two workers decode halves of it, without measuring a first slice. */
export function isShared(spans: readonly RowSpan[]): boolean {
  return sharedRowCount(spans) !== undefined;
}

/** The share of the rows up to which the first half ends where a page of our files does. */
const unevenShareMax = 0.6;

/** Returns the number of rows in the first half of a small read; undefined if it is not divided. */
function sharedRowCount([span, ...others]: readonly RowSpan[]): number | undefined {
  // Rows of a larger row group may be found only by reading all of it.
  if (!span?.isWhole || others.length > 0) return undefined;
  const { rowCount, byteLength } = span;
  if (rowCount <= onePageRowsMax || rowCount > sharedRowsMax) return undefined;
  if (byteLength < sharedBytesMin || byteLength > sharedBytesMax) return undefined;
  const half = Math.ceil(rowCount / 2);
  const paged = Math.ceil(half / onePageRowsMax) * onePageRowsMax;
  return paged <= unevenShareMax * rowCount ? paged : half;
}

function isManyColumns(columnCount: number): boolean {
  return columnCount * columnBytesMin > firstSliceBytes;
}

function firstBytes(input: Pick<SlicePlanInput, "columnCount" | "freeBytes">): number {
  return isWide(input) ? wideBytes(input) : firstSliceBytes;
}

/** Returns the size of a slice of many columns. Three of them are held at a time. */
function wideBytes({ columnCount, freeBytes }: Pick<SlicePlanInput, "columnCount" | "freeBytes">): number {
  return Math.min(columnCount * columnBytesMin, sliceBytesMax, freeBytes / 2);
}

/** Returns the target size of a batch. A larger one is cut. */
function batchBytes(columnCount: number): number {
  return clamp(columnCount * batchColumnBytes, batchBodyBytesTarget, batchMessageBytesMax);
}

function sliceBytes(
  span: RowSpan,
  { freeBytes, columnCount }: Pick<SlicePlanInput, "columnCount" | "freeBytes">,
  { isCostly }: MeasuredSlice,
): number {
  if (isCostly) return clamp(freeBytes, sliceBytesMin, sliceBytesMax);
  const wanted = clamp(Math.max(span.byteLength / 2, columnCount * columnBytesMin), sliceBytesTarget, sliceBytesMax);
  const share = Math.max(freeBytes / 4, wideBytes({ columnCount, freeBytes }));
  return clamp(share, freeBytes < -crowdedBytesMin ? sliceBytesCrowded : sliceBytesMin, wanted);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
