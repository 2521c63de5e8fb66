import type { ArrayView } from "./array-view.ts";
import { bitmapByteLength, copyBits } from "./bitmap.ts";
import { FlightError } from "../flight/index.ts";
import { ByteRange } from "./pieced-bytes.ts";

/**
 * A value of a type without children. Floats, and integers of up to 32 bits, are numbers. Wider integers are bigints.
 * Dates, times, timestamps and durations are their stored integers. A decimal is its unscaled integer. Strings, binaries
 * and intervals of several parts are bytes: views of the reader's copy.
 */
export type Scalar = boolean | number | bigint | Uint8Array;

/** Returns an element of an array. The index starts at 0. The result for a null has no meaning: see `readValidity`. */
export type ElementReader<T> = (index: number) => T;

const viewByteLength = 16;
const inlineByteLengthMax = 12;

/** Returns a reader that tells whether an element is not null. An index of a dictionary may also refer to a null value. */
export function readValidity({ storage, validity, offset, length }: ArrayView): ElementReader<boolean> {
  if (storage.kind === "null") return () => false;
  if (validity === undefined) return () => true;
  return readBits(validity, offset, length);
}

/**
 * Returns a reader for the values of an array that has neither children nor a dictionary. The buffers are copied once, so
 * the memory of the batch can be released.
 *
 * @throws FlightError INVALID_ARGUMENT if an offset is out of range; the reader throws it too
 * @throws RangeError if the array has children
 */
export function readScalars(array: ArrayView): ElementReader<Scalar> {
  const { storage } = array;
  switch (storage.kind) {
    case "null":
      return () => false;
    case "fixed":
      return readFixed(array, storage.bitWidth);
    case "variable": {
      const { start, end } = readOffsets(array);
      const values = copyOut(array.buffers[1]!);
      return (index) => {
        const [from, to] = [start(index), end(index)];
        if (from < 0 || to < from || to > values.byteLength) throw leavesValues(array);
        return values.subarray(from, to);
      };
    }
    case "view":
      return readViews(array);
    default:
      throw new RangeError(`an array of ${storage.kind} storage has no scalars`);
  }
}

/** Reads the indices of an array that has a dictionary. */
export function readIndices({ field, offset, length, buffers }: ArrayView): ElementReader<number> {
  if (field.dictionary === undefined) throw new RangeError("an array without a dictionary has no indices");
  const { bitWidth, signed } = field.dictionary.indexType;
  const read = readInts(copyElements(buffers[0]!, { offset, length, bitWidth }), bitWidth, signed);
  return bitWidth === 64 ? (index) => Number(read(index)) : (read as ElementReader<number>);
}

/** Where the items of each list begin and end (exclusive), as numbers of elements of the one child. */
export interface ListBounds {
  readonly start: ElementReader<number>;
  readonly end: ElementReader<number>;
}

/**
 * Returns readers for the start and end of each list. For strings and binaries, the items are bytes. The caller checks
 * that the positions are inside the items.
 */
export function readOffsets(array: ArrayView): ListBounds {
  const { storage, offset, length, buffers } = array;
  switch (storage.kind) {
    case "fixed_size_list": {
      const { listSize } = storage;
      return { start: (index) => (offset + index) * listSize, end: (index) => (offset + index + 1) * listSize };
    }
    case "list_view": {
      const bitWidth = 8 * storage.offsetByteWidth;
      const [start, size] = buffers.map((buffer) =>
        toSafe(copyElements(buffer, { offset, length, bitWidth }), bitWidth),
      );
      return { start: start!, end: (index) => start!(index) + size!(index) };
    }
    case "list":
    case "variable": {
      const bitWidth = 8 * storage.offsetByteWidth;
      // An array without elements may come without its one offset.
      const count = length === 0 ? 0 : length + 1;
      const at = toSafe(copyElements(buffers[0]!, { offset, length: count, bitWidth }), bitWidth);
      return { start: at, end: (index) => at(index + 1) };
    }
    default:
      throw new RangeError(`an array of ${storage.kind} storage has no offsets`);
  }
}

function readFixed({ field, offset, length, buffers }: ArrayView, bitWidth: number): ElementReader<Scalar> {
  const [buffer] = buffers as readonly [ByteRange];
  const { type } = field;
  if (bitWidth === 1) return readBits(buffer, offset, length);
  const bytes = copyElements(buffer, { offset, length, bitWidth });
  switch (type.kind) {
    case "int":
      return readInts(bytes, bitWidth, type.signed);
    case "float":
      return readFloats(bytes, type.bitWidth);
    case "decimal":
      return readWideInts(bytes, bitWidth);
    case "date":
    case "time":
    case "timestamp":
    case "duration":
      return readInts(bytes, bitWidth, true);
    case "interval":
      return type.unit === "year_month" ? readInts(bytes, bitWidth, true) : readBytes(bytes, bitWidth / 8);
    default:
      return readBytes(bytes, bitWidth / 8);
  }
}

function readBytes(bytes: Uint8Array, byteWidth: number): ElementReader<Uint8Array> {
  return (index) => bytes.subarray(index * byteWidth, (index + 1) * byteWidth);
}

function readInts(bytes: Uint8Array<ArrayBuffer>, bitWidth: number, signed: boolean): ElementReader<number | bigint> {
  const values = intArray(bytes.buffer, bitWidth, signed);
  return (index) => values[index]!;
}

function intArray(buffer: ArrayBuffer, bitWidth: number, signed: boolean): ArrayLike<number | bigint> {
  switch (bitWidth) {
    case 8:
      return signed ? new Int8Array(buffer) : new Uint8Array(buffer);
    case 16:
      return signed ? new Int16Array(buffer) : new Uint16Array(buffer);
    case 32:
      return signed ? new Int32Array(buffer) : new Uint32Array(buffer);
    default:
      return signed ? new BigInt64Array(buffer) : new BigUint64Array(buffer);
  }
}

function readFloats({ buffer }: Uint8Array<ArrayBuffer>, bitWidth: 16 | 32 | 64): ElementReader<number> {
  if (bitWidth === 16) {
    const halves = new Uint16Array(buffer);
    return (index) => toNumber(halves[index]!);
  }
  const values = bitWidth === 32 ? new Float32Array(buffer) : new Float64Array(buffer);
  return (index) => values[index]!;
}

/** Decodes a 16-bit float. Source: IEEE 754, binary16. */
function toNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** Signed integers of 32 to 256 bits. */
function readWideInts(bytes: Uint8Array<ArrayBuffer>, bitWidth: number): ElementReader<bigint> {
  if (bitWidth === 32) {
    const values = new Int32Array(bytes.buffer);
    return (index) => BigInt(values[index]!);
  }
  const wordCount = bitWidth / 64;
  const words = new BigUint64Array(bytes.buffer);
  const tops = new BigInt64Array(bytes.buffer);
  return (index) => {
    let value = tops[(index + 1) * wordCount - 1]!;
    for (let word = wordCount - 2; word >= 0; word--) value = (value << 64n) | words[index * wordCount + word]!;
    return value;
  };
}

function readViews(array: ArrayView): ElementReader<Uint8Array> {
  const { offset, length, buffers } = array;
  const views = copyElements(buffers[0]!, { offset, length, bitWidth: 8 * viewByteLength });
  const data = buffers.slice(1).map(copyOut);
  const header = new DataView(views.buffer);
  return (index) => {
    const at = index * viewByteLength;
    const byteLength = header.getInt32(at, true);
    if (byteLength < 0) throw leavesValues(array);
    if (byteLength <= inlineByteLengthMax) return views.subarray(at + 4, at + 4 + byteLength);
    const values = data[header.getInt32(at + 8, true)];
    const start = header.getInt32(at + 12, true);
    if (values === undefined || start < 0 || start + byteLength > values.byteLength) throw leavesValues(array);
    return values.subarray(start, start + byteLength);
  };
}

function readBits(bits: ByteRange, offset: number, length: number): ElementReader<boolean> {
  const bytes = new Uint8Array(bitmapByteLength(length));
  copyBits(bits, offset, length, bytes);
  return (index) => ((bytes[index >> 3]! >> (index & 7)) & 1) === 1;
}

function toSafe(bytes: Uint8Array<ArrayBuffer>, bitWidth: number): ElementReader<number> {
  const read = readInts(bytes, bitWidth, true);
  return bitWidth === 32 ? (read as ElementReader<number>) : (index) => Number(read(index));
}

function copyElements(
  range: ByteRange,
  { offset, length, bitWidth }: { offset: number; length: number; bitWidth: number },
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array((length * bitWidth) / 8);
  range.copyTo(bytes, (offset * bitWidth) / 8);
  return bytes;
}

function copyOut(range: ByteRange): Uint8Array {
  const bytes = new Uint8Array(range.byteLength);
  range.copyTo(bytes, 0);
  return bytes;
}

function leavesValues({ field }: ArrayView): FlightError {
  return new FlightError("invalid_argument", `column ${field.name} has offsets outside of its values`);
}
