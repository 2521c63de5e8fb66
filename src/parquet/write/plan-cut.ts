import { expandedBodyBytesMax, limitError } from "../../flight/index.ts";
import { type ArrayView, type SliceBounds } from "../../arrow/index.ts";
import { rowGroupRowsMax } from "./row-group-size.ts";
import { plainByteWidth } from "./plain-values.ts";
import { tailShare } from "../limits.ts";
import { isStoredPlain } from "../format/stored-schema.ts";

/** The plan for dividing a record batch into row groups. */
export interface CutPlan {
  /** The growth of the batch when its dictionaries become plain values: a factor of 1 or more. */
  readonly growth: number;
  /** The limits of a slice; undefined if the whole batch fits into one row group. */
  readonly bounds: SliceBounds | undefined;
}

/** The sizes of a batch. */
export interface ReceivedBatch {
  readonly rowCount: number;
  /** The length of its body. */
  readonly byteLength: number;
  /** The target size of a row group, in Arrow bytes. */
  readonly groupBytesTarget: number;
  /** The number of row groups that are encoded at the same time. */
  readonly workerCount: number;
}

/**
 * Plans how a batch is divided into row groups, based on its stored size: without a dictionary, an index of one byte
 * may become a much wider value.
 *
 * @throws FlightError RESOURCE_EXHAUSTED if it grows beyond `expandedBodyBytesMax`
 */
export function planCut(
  arrays: readonly ArrayView[],
  { rowCount, byteLength, groupBytesTarget, workerCount }: ReceivedBatch,
): CutPlan {
  const addedBytes = arrays.reduce((sum, array) => sum + addedByteLength(array), 0);
  if (addedBytes > expandedBodyBytesMax) {
    const message = `a record batch without its dictionaries has more than ${expandedBodyBytesMax} bytes; send smaller batches`;
    throw limitError("batch-bytes", message);
  }
  const storedBytes = byteLength + addedBytes;
  const growth = addedBytes === 0 ? 1 : storedBytes / byteLength;
  if (storedBytes <= groupBytesTarget && rowCount <= rowGroupRowsMax) return { growth, bounds: undefined };
  const groupCount = storedBytes / groupBytesTarget;
  // So many workers encode the row groups at the same time. The largest row group would determine how long it takes.
  const isEven = groupCount > 1 && groupCount <= workerCount;
  // A short last row group would cost each column as much as a full one, so the others include its rows.
  const rest = groupCount % 1;
  const hasTail = addedBytes === 0 && groupCount > workerCount && rest > 0 && rest <= tailShare;
  if (hasTail) {
    const rowCountMax = Math.min(Math.ceil(rowCount / Math.floor(groupCount)), rowGroupRowsMax);
    return { growth, bounds: { bodyBytesMax: (1 + tailShare) * groupBytesTarget, rowCountMax } };
  }
  // Some columns may grow while others have large rows already, so the number of rows is limited, too.
  const growingCount = addedBytes > 0 ? groupCount : 1;
  const partCount = isEven ? Math.ceil(groupCount) : growingCount;
  const rowCountMax = Math.min(Math.ceil(rowCount / partCount), rowGroupRowsMax);
  return { growth, bounds: { bodyBytesMax: groupBytesTarget / growth, rowCountMax } };
}

/** Returns the bytes that an array and its children grow when their dictionaries become plain values. */
function addedByteLength({ field, length, children }: ArrayView): number {
  if (field.dictionary && isStoredPlain(field.type)) {
    return length * Math.max(0, plainByteWidth(field) - field.dictionary.indexType.bitWidth / 8);
  }
  return children.reduce((sum, child) => sum + addedByteLength(child), 0);
}
