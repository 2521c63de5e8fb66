import { FlightError } from "../../flight/index.ts";
import { type ArrayView, type SliceBounds } from "../../arrow/index.ts";
import { expandedBodyBytesMax } from "../limits.ts";
import { rowGroupBytesTarget, rowGroupRowsMax } from "./row-group-size.ts";
import { plainByteWidth } from "./plain-values.ts";
import { isStoredPlain } from "../format/stored-schema.ts";

/** How a record batch becomes parts of row groups. */
export interface CutPlan {
  /** How many times larger the batch is when its dictionaries are given up, 1 or more. */
  readonly growth: number;
  /** What its slices may be; undefined where all of it fits into one row group. */
  readonly bounds: SliceBounds | undefined;
}

/**
 * Plans how a batch is cut for row groups, by what it is in them: where a dictionary is given up, an index of one
 * byte becomes a value of any width.
 *
 * @param byteLength - of its body
 * @throws FlightError RESOURCE_EXHAUSTED where it grows beyond `expandedBodyBytesMax`
 */
export function planCut(arrays: readonly ArrayView[], rowCount: number, byteLength: number): CutPlan {
  const addedBytes = arrays.reduce((sum, array) => sum + addedByteLength(array), 0);
  if (addedBytes > expandedBodyBytesMax) {
    const message = `a record batch without its dictionaries has more than ${expandedBodyBytesMax} bytes; send smaller batches`;
    throw new FlightError("resource_exhausted", message);
  }
  const storedBytes = byteLength + addedBytes;
  const growth = addedBytes === 0 ? 1 : storedBytes / byteLength;
  if (storedBytes <= rowGroupBytesTarget && rowCount <= rowGroupRowsMax) return { growth, bounds: undefined };
  // Rows that grow may lie beside others that are large by themselves, so their count alone is bounded, too.
  const rowsThatFit = addedBytes === 0 ? rowCount : Math.ceil((rowCount * rowGroupBytesTarget) / storedBytes);
  const rowCountMax = Math.min(rowsThatFit, rowGroupRowsMax);
  return { growth, bounds: { bodyBytesMax: rowGroupBytesTarget / growth, rowCountMax } };
}

/** The bytes that an array and those below it take more where their dictionaries are given up. */
function addedByteLength({ field, length, children }: ArrayView): number {
  if (field.dictionary && isStoredPlain(field.type)) {
    return length * Math.max(0, plainByteWidth(field) - field.dictionary.indexType.bitWidth / 8);
  }
  return children.reduce((sum, child) => sum + addedByteLength(child), 0);
}
