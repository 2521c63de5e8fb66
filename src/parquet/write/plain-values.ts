import {
  bitmapByteLength,
  ByteRange,
  copyBits,
  fixedBitWidth,
  PiecedBytes,
  type ArrayView,
  type Field,
} from "../../arrow/index.ts";
import { FlightError } from "../../flight/index.ts";

/** The values of a dictionary, for columns that are stored without it. Only types with a fixed width are supported. */
export class PlainValues {
  #count = 0;
  /** One byte per value. */
  #valid: Uint8Array = new Uint8Array(0);
  /** Whole bytes per value; a bool has one. */
  #bytes: Uint8Array = new Uint8Array(0);

  /** Appends values. @param values - from `viewRecordBatch` */
  add(values: ArrayView): void {
    const { length, validity, buffers } = values;
    const byteWidth = plainByteWidth(values.field);
    const isNull = values.storage.kind === "null";
    const valid = isNull
      ? new Uint8Array(length)
      : validity
        ? unpackBits(validity, length)
        : new Uint8Array(length).fill(1);
    let bytes = new Uint8Array(length * byteWidth);
    if (values.field.type.kind === "bool") bytes = unpackBits(buffers[0]!, length);
    else if (!isNull) buffers[0]!.copyTo(bytes, 0);
    this.#valid = join(this.#valid, valid);
    this.#bytes = join(this.#bytes, bytes);
    this.#count += length;
  }

  /**
   * Returns the values for an array of indices.
   *
   * @param target - the field of the result
   * @throws FlightError INVALID_ARGUMENT if an index is out of range
   */
  gather(indices: ArrayView, target: Field): ArrayView {
    const { length, field } = indices;
    const byteWidth = plainByteWidth(target);
    const indexAt = indexReader(indices);
    const isIndexValid = indices.validity && unpackBits(indices.validity, length);
    const valid = new Uint8Array(length);
    const bytes = new Uint8Array(length * byteWidth);
    for (let i = 0; i < length; i++) {
      if (isIndexValid && isIndexValid[i] === 0) continue;
      const index = indexAt(i);
      if (index < 0 || index >= this.#count) {
        throw new FlightError(
          "invalid_argument",
          `column ${field.name} has the index ${index}, but its dictionary has ${this.#count} values`,
        );
      }
      valid[i] = this.#valid[index]!;
      for (let k = 0; k < byteWidth; k++) bytes[i * byteWidth + k] = this.#bytes[index * byteWidth + k]!;
    }
    const array = { field: target, length, offset: 0, children: [] };
    if (target.type.kind === "null") return { ...array, storage: { kind: "null" }, validity: undefined, buffers: [] };
    const isBool = target.type.kind === "bool";
    return {
      ...array,
      storage: { kind: "fixed", bitWidth: isBool ? 1 : 8 * byteWidth },
      validity: toRange(packBits(valid)),
      buffers: [toRange(isBool ? packBits(bytes) : bytes)],
    };
  }
}

/** Returns a range of all the bytes. */
export function toRange(bytes: Uint8Array): ByteRange {
  return new PiecedBytes([bytes]).range(0, bytes.byteLength);
}

/** Expands bits to one byte each. */
export function unpackBits(bits: ByteRange, count: number): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(bitmapByteLength(count));
  copyBits(bits, 0, count, packed);
  return Uint8Array.from({ length: count }, (_, i) => (packed[i >> 3]! >> (i & 7)) & 1);
}

function packBits(flags: Uint8Array): Uint8Array {
  const packed = new Uint8Array(bitmapByteLength(flags.length));
  flags.forEach((flag, i) => (packed[i >> 3]! |= flag << (i & 7)));
  return packed;
}

/**
 * Returns the bytes per value of such a dictionary; a bool has one.
 *
 * @throws RangeError for types with a variable width
 */
export function plainByteWidth({ type }: Field): number {
  if (type.kind === "null") return 0;
  if (type.kind === "bool") return 1;
  const bitWidth = fixedBitWidth(type);
  if (bitWidth === undefined) throw new RangeError(`values of type ${type.kind} are not of one width`);
  return bitWidth / 8;
}

function indexReader({ field, length, buffers }: ArrayView): (i: number) => number {
  const { bitWidth, signed } = field.dictionary!.indexType;
  const bytes = new Uint8Array((length * bitWidth) / 8);
  buffers[0]!.copyTo(bytes, 0);
  const view = new DataView(bytes.buffer);
  switch (bitWidth) {
    case 8:
      return signed ? (i) => view.getInt8(i) : (i) => view.getUint8(i);
    case 16:
      return signed ? (i) => view.getInt16(2 * i, true) : (i) => view.getUint16(2 * i, true);
    case 32:
      return signed ? (i) => view.getInt32(4 * i, true) : (i) => view.getUint32(4 * i, true);
    default:
      return (i) => Number(view.getBigInt64(8 * i, true));
  }
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.byteLength === 0) return b;
  const joined = new Uint8Array(a.byteLength + b.byteLength);
  joined.set(a);
  joined.set(b, a.byteLength);
  return joined;
}
