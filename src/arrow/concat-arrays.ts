import { readOffsets, readValidity } from "./array-values.ts";
import type { ArrayView } from "./array-view.ts";
import { bitmapByteLength } from "./bitmap.ts";
import { byteRangeOf, type ByteRange } from "./pieced-bytes.ts";

/**
 * Joins arrays of one field into one new array. Its buffers are copies.
 *
 * @param arrays - at least one. Their offsets lie within their items.
 * @throws RangeError if the field has views, a union or runs, in any depth
 */
export function concatArrays(arrays: readonly ArrayView[]): ArrayView {
  const [{ field, storage }] = arrays as [ArrayView, ...ArrayView[]];
  const length = arrays.reduce((sum, array) => sum + array.length, 0);
  const hasNulls = storage.kind !== "null" && arrays.some(({ validity }) => validity !== undefined);
  const validity = hasNulls ? packBits(arrays, (array) => readValidity(array)) : undefined;
  return { field, storage, length, offset: 0, validity, ...concatValues(arrays) };
}

type Values = Pick<ArrayView, "buffers" | "children">;

function concatValues(arrays: readonly ArrayView[]): Values {
  const [{ storage, children }] = arrays as [ArrayView, ...ArrayView[]];
  switch (storage.kind) {
    case "null":
      return { buffers: [], children: [] };
    case "fixed":
      return {
        buffers: [storage.bitWidth === 1 ? packBits(arrays, readBits) : concatFixed(arrays, storage.bitWidth / 8)],
        children: [],
      };
    case "variable": {
      const { offsets, ranges } = concatOffsets(arrays, storage.offsetByteWidth);
      return {
        buffers: [offsets, concatBytes(arrays.map(({ buffers }, i) => ({ source: buffers[1]!, ...ranges[i]! })))],
        children: [],
      };
    }
    case "list": {
      const { offsets, ranges } = concatOffsets(arrays, storage.offsetByteWidth);
      return {
        buffers: [offsets],
        children: [concatArrays(arrays.map(({ children }, i) => part(children[0]!, ranges[i]!)))],
      };
    }
    case "fixed_size_list": {
      const { listSize } = storage;
      const items = arrays.map(({ children: [items], offset, length }) =>
        part(items!, { start: offset * listSize, end: (offset + length) * listSize }),
      );
      return { buffers: [], children: [concatArrays(items)] };
    }
    case "struct": {
      const fieldOf = (index: number): ArrayView =>
        concatArrays(
          arrays.map(({ children, offset, length }) => part(children[index]!, { start: offset, end: offset + length })),
        );
      return { buffers: [], children: children.map((_, index) => fieldOf(index)) };
    }
    default:
      throw new RangeError(`arrays of ${storage.kind} storage are not joined`);
  }
}

/** Elements or bytes from `start` to `end` (exclusive). */
interface Range {
  readonly start: number;
  readonly end: number;
}

function part(array: ArrayView, { start, end }: Range): ArrayView {
  return { ...array, offset: array.offset + start, length: end - start };
}

/** Returns the offsets of the joined array, which start at 0, and the range of items of each array. */
function concatOffsets(arrays: readonly ArrayView[], byteWidth: 4 | 8) {
  const count = arrays.reduce((sum, { length }) => sum + length, 0) + 1;
  const offsets = byteWidth === 8 ? new BigInt64Array(count) : new Int32Array(count);
  const ranges: Range[] = [];
  let [at, total] = [0, 0];
  for (const array of arrays) {
    const { start, end } = readOffsets(array);
    const first = array.length === 0 ? 0 : start(0);
    for (let i = 0; i < array.length; i++) {
      const offset = total + end(i) - first;
      offsets[++at] = (byteWidth === 8 ? BigInt(offset) : offset) as never;
    }
    const last = array.length === 0 ? 0 : end(array.length - 1);
    ranges.push({ start: first, end: last });
    total += last - first;
  }
  return { offsets: byteRangeOf(new Uint8Array(offsets.buffer)), ranges };
}

function concatFixed(arrays: readonly ArrayView[], byteWidth: number): ByteRange {
  return concatBytes(
    arrays.map(({ buffers, offset, length }) => ({
      source: buffers[0]!,
      start: offset * byteWidth,
      end: (offset + length) * byteWidth,
    })),
  );
}

function concatBytes(parts: readonly (Range & { readonly source: ByteRange })[]): ByteRange {
  const bytes = new Uint8Array(parts.reduce((sum, { start, end }) => sum + end - start, 0));
  let filled = 0;
  for (const { source, start, end } of parts) {
    source.copyTo(bytes.subarray(filled, filled + end - start), start);
    filled += end - start;
  }
  return byteRangeOf(bytes);
}

/** Returns the values of an array of bits. */
function readBits({ buffers, offset, length }: ArrayView): (index: number) => boolean {
  const bytes = new Uint8Array(bitmapByteLength(offset + length));
  buffers[0]!.copyTo(bytes, 0);
  return (index) => ((bytes[(offset + index) >> 3]! >> ((offset + index) & 7)) & 1) === 1;
}

function packBits(arrays: readonly ArrayView[], readerOf: (array: ArrayView) => (index: number) => boolean): ByteRange {
  const bits = new Uint8Array(bitmapByteLength(arrays.reduce((sum, { length }) => sum + length, 0)));
  let at = 0;
  for (const array of arrays) {
    const isSet = readerOf(array);
    for (let i = 0; i < array.length; i++, at++) if (isSet(i)) bits[at >> 3]! |= 1 << (at & 7);
  }
  return byteRangeOf(bits);
}
