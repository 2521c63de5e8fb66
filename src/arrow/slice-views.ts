import type { ArrayView } from "./array-view.ts";
import { bitmapByteLength, copyBits } from "./bitmap.ts";
import { FlightError } from "../flight/index.ts";
import type { PlannedBuffer } from "./planned-buffer.ts";

/**
 * The size of a view in bytes: four 32-bit words. Source: the Arrow columnar format, "Variable-size Binary View
 * Layout".
 */
export const viewByteLength = 16;
const viewWords = 4;
/**
 * The maximum length of a value that is stored inside its view, in bytes. A longer value is in a data buffer, at an
 * index and an offset.
 */
export const inlineByteLengthMax = 12;
/** The positions of these in a view, in words. */
const bufferIndexWord = 2;
const byteOffsetWord = 3;

/** How many times the bytes of its values a slice may bring along rather than have each value copied by itself. */
const extentRatioMax = 2;

/**
 * Plans the views of a slice and their data. Each data buffer is cut to the range from its first to its last value. If
 * most of that range is unused, only the values are copied.
 */
export function planViewBuffers(array: ArrayView, at: number, count: number): PlannedBuffer[] {
  const [views, ...data] = array.buffers;
  if (views === undefined) throw new RangeError("a view array without views");
  const words = new Int32Array(count * viewWords);
  const bytes = new Uint8Array(words.buffer);
  views.copyTo(bytes, at * viewByteLength);
  if (array.validity) clearNulls(words, array.validity, at);
  const { extents, valueByteLength } = measureExtents(array, words);
  const extentByteLength = extents.reduce((sum, { start, end }) => sum + end - start, 0);
  const viewBuffer = { byteLength: bytes.byteLength, write: (target: Uint8Array) => target.set(bytes) };
  if (extentByteLength === 0) return [viewBuffer];
  if (extentByteLength <= extentRatioMax * valueByteLength) {
    pointToExtents(words, extents);
    const kept = extents.filter(({ start, end }) => end > start);
    return [viewBuffer, ...kept.map(({ index, start, end }) => planRange(data[index]!, start, end))];
  }
  const places = words.slice();
  pointToValues(words);
  const write = (target: Uint8Array): void => {
    let filled = 0;
    for (let i = 0; i < places.length; i += viewWords) {
      const byteLength = places[i]!;
      if (byteLength <= inlineByteLengthMax) continue;
      const value = target.subarray(filled, filled + byteLength);
      data[places[i + bufferIndexWord]!]!.copyTo(value, places[i + byteOffsetWord]!);
      filled += byteLength;
    }
  };
  return [viewBuffer, { byteLength: valueByteLength, write }];
}

function planRange(data: ArrayView["buffers"][number], start: number, end: number): PlannedBuffer {
  return { byteLength: end - start, write: (target) => data.copyTo(target, start) };
}

/** The view of a null may hold anything; it becomes the empty value. */
function clearNulls(words: Int32Array, validity: NonNullable<ArrayView["validity"]>, at: number): void {
  const count = words.length / viewWords;
  const bitmap = new Uint8Array(bitmapByteLength(count));
  copyBits(validity, at, count, bitmap);
  for (let i = 0; i < count; i++) {
    const isValid = (bitmap[i >> 3]! >> (i & 7)) & 1;
    if (!isValid) words.fill(0, i * viewWords, (i + 1) * viewWords);
  }
}

/** The range of a data buffer from the first to the last value (exclusive), in bytes; empty if both are equal. */
interface Extent {
  readonly index: number;
  start: number;
  end: number;
}

function measureExtents({ field, buffers }: ArrayView, words: Int32Array) {
  const extents = buffers.slice(1).map((_, index): Extent => ({ index, start: 0, end: 0 }));
  let valueByteLength = 0;
  for (let i = 0; i < words.length; i += viewWords) {
    const byteLength = words[i]!;
    if (byteLength <= inlineByteLengthMax) continue;
    const extent = extents[words[i + bufferIndexWord]!];
    const start = words[i + byteOffsetWord]!;
    const end = start + byteLength;
    if (extent === undefined || start < 0 || end > buffers[extent.index + 1]!.byteLength) {
      throw new FlightError("invalid_argument", `column ${field.name} has a view outside of its data`);
    }
    if (extent.end === 0 || start < extent.start) extent.start = start;
    if (end > extent.end) extent.end = end;
    valueByteLength += byteLength;
  }
  return { extents, valueByteLength };
}

function pointToExtents(words: Int32Array, extents: readonly Extent[]): void {
  let keptCount = 0;
  const indices = extents.map(({ start, end }) => (end > start ? keptCount++ : 0));
  for (let i = 0; i < words.length; i += viewWords) {
    if (words[i]! <= inlineByteLengthMax) continue;
    const index = words[i + bufferIndexWord]!;
    words[i + bufferIndexWord] = indices[index]!;
    words[i + byteOffsetWord]! -= extents[index]!.start;
  }
}

function pointToValues(words: Int32Array): void {
  let byteOffset = 0;
  for (let i = 0; i < words.length; i += viewWords) {
    const byteLength = words[i]!;
    if (byteLength <= inlineByteLengthMax) continue;
    words[i + bufferIndexWord] = 0;
    words[i + byteOffsetWord] = byteOffset;
    byteOffset += byteLength;
  }
}
