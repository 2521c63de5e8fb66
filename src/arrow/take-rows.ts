import { readOffsets, readValidity } from "./array-values.ts";
import type { ArrayView } from "./array-view.ts";
import { bitmapByteLength } from "./bitmap.ts";
import { FlightError } from "../flight/index.ts";
import { byteRangeOf, type ByteRange } from "./pieced-bytes.ts";

/**
 * Copies some elements of an array into a new array. The values of views are not copied.
 *
 * @param indices - indices of elements, from 0, in the order of the result
 * @throws FlightError INVALID_ARGUMENT if an offset is outside of the column's values
 */
export function takeRows(array: ArrayView, indices: Uint32Array): ArrayView {
  const taken = { field: array.field, storage: array.storage, length: indices.length, offset: 0 };
  return { ...taken, validity: takeValidity(array, indices), ...takeValues(array, indices) };
}

type Values = Pick<ArrayView, "buffers" | "children">;

function takeValues(array: ArrayView, indices: Uint32Array): Values {
  const { storage, offset, buffers, children } = array;
  switch (storage.kind) {
    case "null":
      return { buffers: [], children: [] };
    case "fixed":
      return { buffers: [takeFixed(array, indices, storage.bitWidth)], children: [] };
    case "view":
      return { buffers: [takeFixed(array, indices, 128), ...buffers.slice(1)], children: [] };
    case "variable": {
      const { ranges, offsets } = takeOffsets(array, indices, buffers[1]!.byteLength);
      return { buffers: [offsets, takeBytes(buffers[1]!, ranges)], children: [] };
    }
    case "list":
    case "list_view":
    case "fixed_size_list": {
      const { ranges, offsets, sizes } = takeOffsets(array, indices, children[0]!.length);
      const items = takeRows(children[0]!, toIndices(ranges));
      if (storage.kind === "fixed_size_list") return { buffers: [], children: [items] };
      return { buffers: storage.kind === "list" ? [offsets] : [offsets, sizes], children: [items] };
    }
    case "struct": {
      const places = indices.map((index) => index + offset);
      return { buffers: [], children: children.map((child) => takeRows(child, places)) };
    }
    default:
      throw new RangeError(`an array of ${storage.kind} storage is not cut`);
  }
}

function takeValidity(array: ArrayView, indices: Uint32Array): ByteRange | undefined {
  if (array.validity === undefined) return undefined;
  const isValid = readValidity(array);
  return packBits(indices, isValid);
}

function takeFixed({ buffers, offset, length }: ArrayView, indices: Uint32Array, bitWidth: number): ByteRange {
  const [buffer] = buffers as readonly [ByteRange];
  if (bitWidth === 1) {
    const bytes = copyRange(buffer, 0, bitmapByteLength(offset + length));
    return packBits(indices, (index) => ((bytes[(offset + index) >> 3]! >> ((offset + index) & 7)) & 1) === 1);
  }
  const byteWidth = bitWidth / 8;
  const bytes = copyRange(buffer, offset * byteWidth, length * byteWidth);
  const taken = new Uint8Array(indices.length * byteWidth);
  indices.forEach((index, i) => {
    for (let k = 0; k < byteWidth; k++) taken[i * byteWidth + k] = bytes[index * byteWidth + k]!;
  });
  return byteRangeOf(taken);
}

/** Where the items of lists lie: from, to (exclusive), from, to, … */
type ItemRanges = Float64Array;

function takeOffsets(array: ArrayView, indices: Uint32Array, itemCount: number) {
  const { start, end } = readOffsets(array);
  const isValid = readValidity(array);
  const isWide = "offsetByteWidth" in array.storage && array.storage.offsetByteWidth === 8;
  const isFixed = array.storage.kind === "fixed_size_list";
  const ranges = new Float64Array(2 * indices.length);
  const offsets = isWide ? new BigInt64Array(indices.length + 1) : new Int32Array(indices.length + 1);
  const sizes = isWide ? new BigInt64Array(indices.length) : new Int32Array(indices.length);
  const toOffset = (value: number): never => (isWide ? BigInt(value) : value) as never;
  let total = 0;
  indices.forEach((index, i) => {
    // What a null refers to may be anything, but where it has its place among the items whatever it is.
    const isEmpty = !isFixed && !isValid(index);
    const [from, to] = isEmpty ? [0, 0] : [start(index), end(index)];
    if (from < 0 || to < from || to > itemCount) {
      throw new FlightError("invalid_argument", `column ${array.field.name} has offsets outside of its values`);
    }
    ranges[2 * i] = from;
    ranges[2 * i + 1] = to;
    offsets[i] = toOffset(total);
    sizes[i] = toOffset(to - from);
    total += to - from;
  });
  offsets[indices.length] = toOffset(total);
  return { ranges, offsets: byteRangeOf(bytesOf(offsets)), sizes: byteRangeOf(bytesOf(sizes)) };
}

function takeBytes(values: ByteRange, ranges: ItemRanges): ByteRange {
  const taken = new Uint8Array(totalOf(ranges));
  let filled = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    const byteLength = ranges[i + 1]! - ranges[i]!;
    if (byteLength > 0) values.copyTo(taken.subarray(filled, filled + byteLength), ranges[i]!);
    filled += byteLength;
  }
  return byteRangeOf(taken);
}

function toIndices(ranges: ItemRanges): Uint32Array {
  const indices = new Uint32Array(totalOf(ranges));
  let filled = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    for (let item = ranges[i]!; item < ranges[i + 1]!; item++) indices[filled++] = item;
  }
  return indices;
}

function totalOf(ranges: ItemRanges): number {
  let total = 0;
  for (let i = 0; i < ranges.length; i += 2) total += ranges[i + 1]! - ranges[i]!;
  return total;
}

function packBits(indices: Uint32Array, isSet: (index: number) => boolean): ByteRange {
  const bits = new Uint8Array(bitmapByteLength(indices.length));
  indices.forEach((index, i) => {
    if (isSet(index)) bits[i >> 3]! |= 1 << (i & 7);
  });
  return byteRangeOf(bits);
}

function copyRange(range: ByteRange, byteOffset: number, byteLength: number): Uint8Array {
  const bytes = new Uint8Array(byteLength);
  range.copyTo(bytes, byteOffset);
  return bytes;
}

function bytesOf({ buffer }: Int32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>): Uint8Array {
  return new Uint8Array(buffer);
}
