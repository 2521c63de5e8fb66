import { thriftType, type ThriftList, type ThriftStruct } from "./thrift.ts";

/*
 * Reading fields of known type out of Thrift structs. A field of another type is as good as none:
 * RangeErrors below mean that the bytes are not the Parquet structure they should be.
 */

/** Returns an integer field; undefined if it is missing. */
export function optionalInteger(struct: ThriftStruct, id: number): bigint | undefined {
  const value = struct.get(id)?.value;
  return typeof value === "bigint" ? value : undefined;
}

/** Returns an integer field as a number. @throws RangeError if it is missing, or is not a safe integer */
export function integerField(struct: ThriftStruct, id: number): number {
  const value = Number(optionalInteger(struct, id) ?? NaN);
  if (!Number.isSafeInteger(value)) throw new RangeError(`field ${id} of a Parquet structure is not a safe integer`);
  return value;
}

/** Returns a struct field. @throws RangeError if it is missing */
export function structField(struct: ThriftStruct, id: number): ThriftStruct {
  return asStruct(struct.get(id)?.value);
}

/** Returns a field with a list of structs. @throws RangeError if it is missing */
export function structListField(struct: ThriftStruct, id: number): ThriftStruct[] {
  return listField(struct, id).elements.map(asStruct);
}

/** Returns a list field. @throws RangeError if it is missing */
export function listField(struct: ThriftStruct, id: number): ThriftList {
  const value = struct.get(id)?.value;
  if (typeof value !== "object" || !("elements" in value)) throw missing("a list");
  return value;
}

/** Sets an integer field. A new field gets the type i64. */
export function setInteger(struct: ThriftStruct, id: number, value: bigint): void {
  struct.set(id, { type: struct.get(id)?.type ?? thriftType.i64, value });
}

/** Adds to an integer field, if it exists. */
export function moveInteger(struct: ThriftStruct, id: number, amount: bigint): void {
  const value = optionalInteger(struct, id);
  if (value !== undefined) setInteger(struct, id, value + amount);
}

function asStruct(value: unknown): ThriftStruct {
  if (!(value instanceof Map)) throw missing("a struct");
  return value;
}

function missing(what: string): RangeError {
  return new RangeError(`a Parquet structure lacks ${what}`);
}
