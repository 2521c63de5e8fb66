import type { Scalar } from "./array-values.ts";
import type { ArrayView } from "./array-view.ts";
import { arrayStorage } from "./array-storage.ts";
import { bitmapByteLength } from "./bitmap.ts";
import { byteRangeOf } from "./pieced-bytes.ts";
import type { Field } from "./schema.ts";

/** Creates an array of nulls. @throws FlightError UNIMPLEMENTED as `arrayStorage` */
export function createNullArray(field: Field, length: number): ArrayView {
  const storage = arrayStorage(field);
  const zeros = (byteLength: number) => byteRangeOf(new Uint8Array(byteLength));
  const base = { field, storage, length, offset: 0, children: [], buffers: [] };
  if (storage.kind === "null") return { ...base, validity: undefined };
  const array = { ...base, validity: zeros(bitmapByteLength(length)) };
  const childrenOf = (count: number) => field.children.map((child) => createNullArray(child, count));
  switch (storage.kind) {
    case "fixed":
      return { ...array, buffers: [zeros(Math.ceil((length * storage.bitWidth) / 8))] };
    case "view":
      return { ...array, buffers: [zeros(length * 16)] };
    case "variable":
      return { ...array, buffers: [zeros((length + 1) * storage.offsetByteWidth), zeros(0)] };
    case "list":
      return { ...array, buffers: [zeros((length + 1) * storage.offsetByteWidth)], children: childrenOf(0) };
    case "list_view": {
      const byteLength = length * storage.offsetByteWidth;
      return { ...array, buffers: [zeros(byteLength), zeros(byteLength)], children: childrenOf(0) };
    }
    case "fixed_size_list":
      return { ...array, children: childrenOf(length * storage.listSize) };
    case "struct":
      return { ...array, children: childrenOf(length) };
  }
}

/**
 * Creates an array that has the same value in each element.
 *
 * @param field - an integer, a date or a timestamp of 32 or 64 bits, or `utf8`
 * @param value - as `readScalars` returns it; undefined for nulls
 */
export function createConstantArray(field: Field, value: Scalar | undefined, length: number): ArrayView {
  if (value === undefined) return createNullArray(field, length);
  const base = { field, storage: arrayStorage(field), length, offset: 0, validity: undefined, children: [] };
  if (value instanceof Uint8Array) {
    const offsets = Int32Array.from({ length: length + 1 }, (_, i) => i * value.byteLength);
    const values = new Uint8Array(length * value.byteLength);
    for (let i = 0; i < length; i++) values.set(value, i * value.byteLength);
    return { ...base, buffers: [byteRangeOf(new Uint8Array(offsets.buffer)), byteRangeOf(values)] };
  }
  const values =
    typeof value === "bigint" ? new BigInt64Array(length).fill(value) : new Int32Array(length).fill(Number(value));
  return { ...base, buffers: [byteRangeOf(new Uint8Array(values.buffer))] };
}

/** Returns the bytes of an element of `createNullArray`, rounded up. It bounds the memory of arrays of nulls. */
export function nullElementBytes(field: Field): number {
  const storage = arrayStorage(field);
  const childBytes = field.children.reduce((sum, child) => sum + nullElementBytes(child), 0);
  switch (storage.kind) {
    case "fixed":
      return Math.ceil(storage.bitWidth / 8);
    case "fixed_size_list":
      return storage.listSize * childBytes;
    case "struct":
      return childBytes;
    default:
      return 16;
  }
}
