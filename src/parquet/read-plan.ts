import { batchBodyBytesTarget } from "../flight/index.ts";
import type { RowGroupFacts } from "./facts.ts";
import {
  firstSliceBytes,
  firstSliceRowsMax,
  sliceBytesMax,
  sliceBytesMin,
  sliceBytesTarget,
  sliceGrowthMax,
} from "./limits.ts";

/** Rows of one row group that are decoded at a time. */
export interface Slice {
  readonly rowGroupIndex: number;
  /** The first row, from 0 in its row group. */
  readonly rowStart: number;
  /** At least 1. */
  readonly rowCount: number;
  /** Rows that go into one batch. */
  readonly batchRowCount: number;
  /** What they are expected to take in Arrow. */
  readonly expectedBytes: number;
}

/** Where a reader is. */
export interface ReadPosition {
  readonly rowGroupIndex: number;
  readonly rowStart: number;
}

/** What a slice turned out to be. */
export interface MeasuredSlice {
  readonly rowCount: number;
  /** In Arrow. */
  readonly byteLength: number;
}

/** What the next slice is planned by. */
export interface SlicePlanInput {
  readonly rowGroups: readonly RowGroupFacts[];
  readonly position: ReadPosition;
  /** The last slice that was decoded; undefined before the first one is. */
  readonly measured: MeasuredSlice | undefined;
  /** Bytes that readers may still hold decoded. */
  readonly freeBytes: number;
}

/** Rows of a whole file. */
export interface RowWindow {
  /** The first row, from 0; past the end there are none. */
  readonly offset?: number | undefined;
  /** Rows at most; all where left out. */
  readonly limit?: number | undefined;
}

/** What a window of rows is planned by: where to start, and the row groups as if the file ended where the window does. */
export interface PlannedWindow {
  readonly start: ReadPosition;
  readonly rowGroups: readonly RowGroupFacts[];
}

/** Plans which part of a file a window of rows is. */
export function planWindow(rowGroups: readonly RowGroupFacts[], { offset = 0, limit }: RowWindow): PlannedWindow {
  let rowStart = offset;
  let rowGroupIndex = 0;
  for (; rowGroupIndex < rowGroups.length && rowStart >= rowGroups[rowGroupIndex]!.rowCount; rowGroupIndex++) {
    rowStart -= rowGroups[rowGroupIndex]!.rowCount;
  }
  const start = { rowGroupIndex, rowStart };
  if (limit === undefined) return { start, rowGroups };
  const kept = rowGroups.slice(0, rowGroupIndex);
  for (let rest = rowStart + limit; rowGroupIndex < rowGroups.length && rest > 0; rowGroupIndex++) {
    const group = rowGroups[rowGroupIndex]!;
    const rowCount = Math.min(rest, group.rowCount);
    kept.push({ rowCount, byteLength: group.byteLength * (rowCount / Math.max(1, group.rowCount)) });
    rest -= rowCount;
  }
  return { start, rowGroups: kept };
}

/** How much of a slice may be left of a row group to be decoded along with it, rather than by itself. */
const tailShare = 0.25;

/**
 * Plans what is decoded next, or undefined at the end of the file.
 *
 * A footer tells how large rows are when encoded, which says little where dictionaries are used. So the first
 * slice is small, which also gives the first batch soon, and what it measured decides about those behind it.
 */
export function planSlice({ rowGroups, position, measured, freeBytes }: SlicePlanInput): Slice | undefined {
  let { rowGroupIndex, rowStart } = position;
  while (rowGroupIndex < rowGroups.length && rowStart >= rowGroups[rowGroupIndex]!.rowCount) {
    rowGroupIndex++;
    rowStart = 0;
  }
  const group = rowGroups[rowGroupIndex];
  if (group === undefined) return undefined;
  const rest = group.rowCount - rowStart;
  const bytesPerRow = measured ? measured.byteLength / measured.rowCount : group.byteLength / group.rowCount;
  const rowsOf = (byteLength: number): number => Math.max(1, Math.floor(byteLength / Math.max(bytesPerRow, 1 / 8)));
  const wanted = measured
    ? Math.min(rowsOf(sliceBytes(group, freeBytes)), sliceGrowthMax * measured.rowCount)
    : Math.min(rowsOf(firstSliceBytes), firstSliceRowsMax);
  const takesRest = rest <= wanted * (measured ? 1 + tailShare : 1);
  const rowCount = takesRest ? rest : wanted;
  const batchRowCount = Math.min(rowCount, rowsOf(batchBodyBytesTarget));
  return { rowGroupIndex, rowStart, rowCount, batchRowCount, expectedBytes: Math.ceil(rowCount * bytesPerRow) };
}

/** Where a reader is after a slice. */
export function positionAfter({ rowGroupIndex, rowStart, rowCount }: Slice): ReadPosition {
  return { rowGroupIndex, rowStart: rowStart + rowCount };
}

function sliceBytes(group: RowGroupFacts, freeBytes: number): number {
  const wanted = clamp(group.byteLength / 2, sliceBytesTarget, sliceBytesMax);
  return clamp(freeBytes / 4, sliceBytesMin, wanted);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
