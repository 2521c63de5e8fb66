import type { ArrayView } from "./array-view.ts";
import { RecordBatchSlice } from "./slice-record-batch.ts";

/** The maximum size of slices. */
export interface SliceBounds {
  /** The maximum length of the body in bytes. Only a slice of a single row may be larger. */
  readonly bodyBytesMax: number;
  /** The maximum number of rows; unlimited by default. */
  readonly rowCountMax?: number;
}

/**
 * Cuts a record batch into slices, in order. A batch without rows gives one slice without rows.
 *
 * @param arrays - the columns, see `viewRecordBatch`
 * @throws FlightError INVALID_ARGUMENT, with the column, if an offset is out of range
 */
export function* cutRecordBatch(
  arrays: readonly ArrayView[],
  rowCount: number,
  { bodyBytesMax, rowCountMax = rowCount }: SliceBounds,
): Generator<RecordBatchSlice> {
  let rowStart = 0;
  let sliceRows = Math.max(rowCountMax, 1);
  do {
    let slice = new RecordBatchSlice(arrays, { rowStart, rowCount: Math.min(sliceRows, rowCount - rowStart) });
    // Rows differ in size, so what fits is a guess that is made smaller until it does.
    while (slice.bodyByteLength > bodyBytesMax && slice.rowCount > 1) {
      sliceRows = Math.max(1, Math.min(rowsThatFit(slice, bodyBytesMax), slice.rowCount - 1));
      slice = new RecordBatchSlice(arrays, { rowStart, rowCount: sliceRows });
    }
    yield slice;
    rowStart += slice.rowCount;
    const grown = Math.min(rowsThatFit(slice, bodyBytesMax), 4 * slice.rowCount, rowCountMax);
    sliceRows = Math.max(1, grown);
  } while (rowStart < rowCount);
}

function rowsThatFit(slice: RecordBatchSlice, bodyBytesMax: number): number {
  return slice.bodyByteLength === 0 ? Infinity : Math.floor((slice.rowCount * bodyBytesMax) / slice.bodyByteLength);
}

/** The bytes of a node or a buffer in the header of a batch. */
const headerEntryBytes = 16;

/** The bytes of a count of data buffers. Each view column has one. */
const variadicCountBytes = 8;

/** The bytes of all else in the header: three tables, and the lengths of lists, which are less than half of it. */
const otherHeaderBytes = 256;

/** Returns the maximum length of the header of a slice of these columns, in bytes. */
export function batchHeaderBytesMax(arrays: readonly ArrayView[]): number {
  return arrays.reduce((sum, array) => sum + entryBytesMax(array), otherHeaderBytes);
}

function entryBytesMax({ storage, buffers, children }: ArrayView): number {
  const validityCount = storage.kind === "null" ? 0 : 1;
  const own =
    headerEntryBytes * (1 + validityCount + buffers.length) + (storage.kind === "view" ? variadicCountBytes : 0);
  return children.reduce((sum, child) => sum + entryBytesMax(child), own);
}
