import type { ArrayView } from "./array-view.ts";
import { bitmapByteLength, copyBits } from "./bitmap.ts";
import { FlightError } from "./errors.ts";
import type { ByteRange } from "./pieced-bytes.ts";
import type { PlannedBuffer } from "./slice-record-batch.ts";

const viewByteLength = 16;
/** A value of so many bytes or fewer lies in its view; a longer one in a data buffer, at an index and an offset. */
const inlineByteLengthMax = 12;

interface LongView {
  /** Where the view lies in the slice's views, in bytes. */
  readonly viewOffset: number;
  readonly bufferIndex: number;
  readonly byteOffset: number;
  readonly byteLength: number;
}

/**
 * Plans the views of some rows and the data behind them. The long values of the slice move into one data
 * buffer; where views share values so that this would be more than all the data there is, the data buffers
 * stay as they are.
 */
export function planViewBuffers(array: ArrayView, at: number, count: number): PlannedBuffer[] {
  const [views, ...data] = array.buffers;
  if (views === undefined) throw new RangeError("a view array without views");
  const bytes = new Uint8Array(count * viewByteLength);
  views.copyTo(bytes, at * viewByteLength);
  if (array.validity) clearNulls(bytes, array.validity, at);
  const longViews = findLongViews(array, bytes);
  const compactByteLength = longViews.reduce((sum, view) => sum + view.byteLength, 0);
  const dataByteLength = data.reduce((sum, buffer) => sum + buffer.byteLength, 0);
  const viewBuffer = { byteLength: bytes.byteLength, write: (target: Uint8Array) => target.set(bytes) };
  if (compactByteLength > dataByteLength) {
    const keep = data.map((buffer) => ({
      byteLength: buffer.byteLength,
      write: (target: Uint8Array) => buffer.copyTo(target, 0),
    }));
    return [viewBuffer, ...keep];
  }
  pointToCompacted(bytes, longViews);
  const write = (target: Uint8Array): void => {
    let filled = 0;
    for (const { bufferIndex, byteOffset, byteLength } of longViews) {
      data[bufferIndex]!.copyTo(target.subarray(filled, filled + byteLength), byteOffset);
      filled += byteLength;
    }
  };
  return compactByteLength === 0 ? [viewBuffer] : [viewBuffer, { byteLength: compactByteLength, write }];
}

/** The view of a null may hold anything; it becomes the empty value. */
function clearNulls(views: Uint8Array, validity: ByteRange, at: number): void {
  const count = views.byteLength / viewByteLength;
  const bitmap = new Uint8Array(bitmapByteLength(count));
  copyBits(validity, at, count, bitmap);
  for (let i = 0; i < count; i++) {
    const isValid = (bitmap[i >> 3]! >> (i & 7)) & 1;
    if (!isValid) views.fill(0, i * viewByteLength, (i + 1) * viewByteLength);
  }
}

function findLongViews(array: ArrayView, views: Uint8Array): LongView[] {
  const reader = new DataView(views.buffer);
  const found: LongView[] = [];
  for (let viewOffset = 0; viewOffset < views.byteLength; viewOffset += viewByteLength) {
    const byteLength = reader.getInt32(viewOffset, true);
    if (byteLength <= inlineByteLengthMax) continue;
    const bufferIndex = reader.getInt32(viewOffset + 8, true);
    const byteOffset = reader.getInt32(viewOffset + 12, true);
    const buffer = bufferIndex < 0 ? undefined : array.buffers[bufferIndex + 1];
    if (buffer === undefined || byteOffset < 0 || byteOffset + byteLength > buffer.byteLength) {
      throw new FlightError("invalid_argument", `column ${array.field.name} has a view that leaves its data`);
    }
    found.push({ viewOffset, bufferIndex, byteOffset, byteLength });
  }
  return found;
}

function pointToCompacted(views: Uint8Array, longViews: readonly LongView[]): void {
  const writer = new DataView(views.buffer);
  let byteOffset = 0;
  for (const { viewOffset, byteLength } of longViews) {
    writer.setInt32(viewOffset + 8, 0, true);
    writer.setInt32(viewOffset + 12, byteOffset, true);
    byteOffset += byteLength;
  }
}
