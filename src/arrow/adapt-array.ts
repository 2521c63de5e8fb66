import { FlightError } from "../flight/index.ts";
import { arrayStorage } from "./array-storage.ts";
import { readIndices, readScalars, readValidity } from "./array-values.ts";
import { dictionaryValueField, type ArrayView } from "./array-view.ts";
import { bitmapByteLength } from "./bitmap.ts";
import { createNullArray } from "./constant-array.ts";
import { byteRangeOf } from "./pieced-bytes.ts";
import type { Field } from "./schema.ts";
import { takeRows } from "./take-rows.ts";

/** Returns the values of a dictionary; undefined if none have arrived. */
export type DictionaryValuesOf = (id: bigint) => ArrayView | undefined;

/**
 * Converts an array to a field of `unifyFields`: values of a dictionary and views become plain values, and offsets of 32
 * bits become 64 bits.
 *
 * @throws FlightError INVALID_ARGUMENT if an offset or an index is out of range
 */
export function adaptArray(array: ArrayView, target: Field, valuesOf: DictionaryValuesOf): ArrayView {
  const { field } = array;
  if (field === target) return array;
  if (field.type.kind === "null" && target.type.kind !== "null") return createNullArray(target, array.length);
  if (field.dictionary) {
    if (target.dictionary) return { ...array, field: target };
    return adaptArray(expandDictionary(array, valuesOf(field.dictionary.id)), target, valuesOf);
  }
  const storage = arrayStorage(target);
  if (storage.kind === "variable" && array.storage.kind === "view")
    return toPlainBytes(array, target, storage.offsetByteWidth);
  if (storage.kind === "variable" && array.storage.kind === "variable") {
    const isSame = storage.offsetByteWidth === array.storage.offsetByteWidth;
    if (!isSame) return toPlainBytes(array, target, storage.offsetByteWidth);
  }
  const children = array.children.map((child, i) => adaptArray(child, target.children[i]!, valuesOf));
  return { ...array, field: target, children };
}

/** Replaces indices by their values. An index may refer to a null value. */
function expandDictionary(array: ArrayView, values: ArrayView | undefined): ArrayView {
  const { field, length } = array;
  const plain = dictionaryValueField(field);
  const isThere = readValidity(array);
  const indexAt = readIndices(array);
  const indices = new Uint32Array(length);
  const valueCount = values?.length ?? 0;
  let isNull = true;
  for (let i = 0; i < length; i++) {
    if (!isThere(i)) continue;
    const index = indexAt(i);
    if (index < 0 || index >= valueCount) {
      const words = `column ${field.name} has the index ${index}, but its dictionary has ${valueCount} values`;
      throw new FlightError("invalid_argument", words);
    }
    indices[i] = index;
    isNull = false;
  }
  if (isNull || values === undefined) return createNullArray(plain, length);
  const isValueThere = readValidity(values);
  const validity = packBits(length, (i) => isThere(i) && isValueThere(indices[i]!));
  return { ...takeRows(values, indices), field: plain, validity };
}

/** Copies strings or binaries into one buffer, with offsets of a width. */
function toPlainBytes(array: ArrayView, target: Field, offsetByteWidth: 4 | 8): ArrayView {
  const { length } = array;
  const isThere = readValidity(array);
  const valueAt = readScalars(array);
  const values = Array.from({ length }, (_, i) => (isThere(i) ? (valueAt(i) as Uint8Array) : undefined));
  const bytes = new Uint8Array(values.reduce((sum, value) => sum + (value?.byteLength ?? 0), 0));
  const offsets = offsetByteWidth === 4 ? new Int32Array(length + 1) : new BigInt64Array(length + 1);
  let end = 0;
  for (const [i, value] of values.entries()) {
    if (value) bytes.set(value, end);
    end += value?.byteLength ?? 0;
    if (offsets instanceof Int32Array) offsets[i + 1] = end;
    else offsets[i + 1] = BigInt(end);
  }
  return {
    field: target,
    storage: { kind: "variable", offsetByteWidth },
    length,
    offset: 0,
    validity: array.validity && packBits(length, isThere),
    buffers: [byteRangeOf(new Uint8Array(offsets.buffer)), byteRangeOf(bytes)],
    children: [],
  };
}

function packBits(length: number, isSet: (index: number) => boolean) {
  const bits = new Uint8Array(bitmapByteLength(length));
  for (let i = 0; i < length; i++) if (isSet(i)) bits[i >> 3]! |= 1 << (i & 7);
  return byteRangeOf(bits);
}
