import { inlineByteLengthMax, viewByteLength, type ArrayView } from "../../arrow/index.ts";
import { toIntervals } from "./to-intervals.ts";
import { toRange } from "../write/plain-values.ts";

/**
 * Restores the types that parquet-wasm exports in another layout (`exportedStorage`), so that batches match the file's
 * schema: strings and bytes become views, lists become list views, and bytes of intervals become intervals.
 *
 * @param array - from `viewExportedBatch`
 * @returns the same object if there is nothing to restore
 */
export function restoreViews(array: ArrayView): ArrayView {
  const children = array.children.map(restoreViews);
  const restored = children.every((child, i) => child === array.children[i]) ? array : { ...array, children };
  const { type } = array.field;
  if (type.kind === "interval" && type.unit === "month_day_nano") return toIntervals(array);
  const { kind } = type;
  if (array.storage.kind === "variable" && kind.endsWith("_view")) return toViews(restored);
  if (array.storage.kind === "list" && kind.endsWith("_view"))
    return toListViews(restored, array.storage.offsetByteWidth);
  return restored;
}

function toViews(array: ArrayView): ArrayView {
  const { length, offset, buffers } = array;
  const end = offset + length;
  const offsets = end === 0 ? [0] : buffers[0]!.readIntegers(0, end + 1, 4);
  const dataStart = offsets[offset]!;
  const data = new Uint8Array(offsets[end]! - dataStart);
  buffers[1]!.copyTo(data, dataStart);
  const views = new Uint8Array(end * viewByteLength);
  const words = new Int32Array(views.buffer);
  for (let i = offset; i < end; i++) {
    const start = offsets[i]! - dataStart;
    const byteLength = offsets[i + 1]! - dataStart - start;
    const isInline = byteLength <= inlineByteLengthMax;
    const prefix = i * viewByteLength + 4;
    const prefixByteLength = isInline ? byteLength : 4;
    for (let k = 0; k < prefixByteLength; k++) views[prefix + k] = data[start + k]!;
    words[4 * i] = byteLength;
    // The preceding word is the index of the data buffer: 0, the only one.
    if (!isInline) words[4 * i + 3] = start;
  }
  return { ...array, storage: { kind: "view" }, buffers: [toRange(views), toRange(data)] };
}

function toListViews(array: ArrayView, offsetByteWidth: 4 | 8): ArrayView {
  const { length, offset, buffers } = array;
  const end = offset + length;
  const offsets = offsetByteWidth === 4 ? new Int32Array(end + 1) : new BigInt64Array(end + 1);
  if (end > 0) buffers[0]!.copyTo(new Uint8Array(offsets.buffer), 0);
  const sizes = offsets.slice(0, end);
  if (offsets instanceof Int32Array) for (let i = offset; i < end; i++) sizes[i] = offsets[i + 1]! - offsets[i]!;
  else for (let i = offset; i < end; i++) sizes[i] = offsets[i + 1]! - offsets[i]!;
  const ranges = [offsets.subarray(0, end), sizes].map((part) =>
    toRange(new Uint8Array(part.buffer, part.byteOffset, part.byteLength)),
  );
  return { ...array, storage: { kind: "list_view", offsetByteWidth }, buffers: ranges };
}
