import { batchBodyBytesTarget } from "../../flight/index.ts";
import type { RowGroupFacts } from "./parquet-facts.ts";
import {
  crowdedBytesMin,
  firstSliceBytes,
  firstSliceRowsMax,
  sliceBytesCrowded,
  sliceBytesMax,
  sliceBytesMin,
  sliceBytesTarget,
  sliceGrowthMax,
} from "../limits.ts";

/** Rows of one row group, or all rows of several, that are decoded at a time. */
export interface Slice {
  /** At least one, rising. */
  readonly rowGroupIndices: readonly number[];
  /** The first row, from 0 in the first row group. */
  readonly rowStart: number;
  /** At least 1. */
  readonly rowCount: number;
  /** Rows that go into one batch. */
  readonly batchRowCount: number;
  /** What they are expected to take in Arrow, before a filter. */
  readonly expectedBytes: number;
}

/** Rows of one row group that are to be read. */
export interface RowSegment {
  readonly rowGroupIndex: number;
  /** The first row, from 0 in its row group. */
  readonly rowStart: number;
  readonly rowCount: number;
  /** Whether these are all of the row group. */
  readonly isWhole: boolean;
  /** What they take, as `RowGroupFacts` has it. */
  readonly byteLength: number;
}

/** Where a reader is. */
export interface ReadPosition {
  readonly segmentIndex: number;
  /** How many rows of the segment have been planned. */
  readonly rowCount: number;
}

/** Where a reader begins. */
export const readStart: ReadPosition = { segmentIndex: 0, rowCount: 0 };

/** What a slice turned out to be. */
export interface MeasuredSlice {
  readonly rowCount: number;
  /** In Arrow, before a filter. */
  readonly byteLength: number;
  /** Whether most of its row group was read or decoded for it, as would be for the next. */
  readonly isCostly?: boolean;
}

/** What the next slice is planned by. */
export interface SlicePlanInput {
  readonly segments: readonly RowSegment[];
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

/** Plans which rows of which row groups a window of rows is; none of them is empty. */
export function planWindow(rowGroups: readonly RowGroupFacts[], { offset = 0, limit = Infinity }: RowWindow) {
  const segments: RowSegment[] = [];
  let skipped = 0;
  let rest = limit;
  for (const [rowGroupIndex, group] of rowGroups.entries()) {
    const rowStart = Math.min(offset - skipped, group.rowCount);
    const rowCount = Math.min(group.rowCount - rowStart, rest);
    skipped += rowStart;
    rest -= rowCount;
    if (rowCount === 0) continue;
    const byteLength = group.byteLength * (rowCount / group.rowCount);
    segments.push({ rowGroupIndex, rowStart, rowCount, isWhole: rowCount === group.rowCount, byteLength });
  }
  return segments;
}

/** How much of a slice may be left of a row group to be decoded along with it, rather than by itself. */
const tailShare = 0.25;

/** A slice, and where the reader is behind it. */
export interface PlannedSlice {
  readonly slice: Slice;
  readonly next: ReadPosition;
}

/**
 * Plans what is decoded next, or undefined at the end of the segments.
 *
 * A footer tells how large rows are when encoded, which says little where dictionaries are used. So the first
 * slice is small, which also gives the first batch soon, and what it measured decides about those behind it.
 */
export function planSlice({ segments, position, measured, freeBytes }: SlicePlanInput): PlannedSlice | undefined {
  const segment = segments[position.segmentIndex];
  if (segment === undefined) return undefined;
  const rest = segment.rowCount - position.rowCount;
  const bytesPerRow = measured ? measured.byteLength / measured.rowCount : segment.byteLength / segment.rowCount;
  const rowsOf = (byteLength: number): number => Math.max(1, Math.floor(byteLength / Math.max(bytesPerRow, 1 / 8)));
  const wanted = measured
    ? Math.min(rowsOf(sliceBytes(segment, freeBytes, measured)), sliceGrowthMax * measured.rowCount)
    : Math.min(rowsOf(firstSliceBytes), firstSliceRowsMax);
  const takesRest = rest <= wanted * (measured ? 1 + tailShare : 1);
  const taken = takesRest && rest === segment.rowCount ? takeWhole(segments, position.segmentIndex, wanted) : [segment];
  const rowCount = takesRest ? rest + sumRows(taken.slice(1)) : wanted;
  return {
    slice: {
      rowGroupIndices: taken.map(({ rowGroupIndex }) => rowGroupIndex),
      rowStart: segment.rowStart + position.rowCount,
      rowCount,
      batchRowCount: Math.min(rowCount, rowsOf(batchBodyBytesTarget)),
      expectedBytes: Math.ceil(rowCount * bytesPerRow),
    },
    next: takesRest
      ? { segmentIndex: position.segmentIndex + taken.length, rowCount: 0 }
      : { ...position, rowCount: position.rowCount + rowCount },
  };
}

/** A segment, and those behind it where all are whole row groups and have not more rows together than are wanted. */
function takeWhole(segments: readonly RowSegment[], start: number, rowCountMax: number): readonly RowSegment[] {
  const first = segments[start]!;
  let end = start + 1;
  let rowCount = first.rowCount;
  const isTaken = (next: RowSegment | undefined): next is RowSegment =>
    first.isWhole && next?.isWhole === true && rowCount + next.rowCount <= rowCountMax;
  for (let next = segments[end]; isTaken(next); next = segments[++end]) rowCount += next.rowCount;
  return segments.slice(start, end);
}

function sumRows(segments: readonly RowSegment[]): number {
  return segments.reduce((sum, { rowCount }) => sum + rowCount, 0);
}

function sliceBytes(segment: RowSegment, freeBytes: number, { isCostly }: MeasuredSlice): number {
  if (isCostly) return clamp(freeBytes, sliceBytesMin, sliceBytesMax);
  const wanted = clamp(segment.byteLength / 2, sliceBytesTarget, sliceBytesMax);
  return clamp(freeBytes / 4, freeBytes < -crowdedBytesMin ? sliceBytesCrowded : sliceBytesMin, wanted);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
