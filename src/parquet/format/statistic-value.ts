import type { Field, Scalar } from "../../arrow/index.ts";
import type { ColumnChunk, PhysicalType } from "./column-chunks.ts";
import type { StoredUnit } from "./schema-leaves.ts";

const millisecondsPerDay = 86_400_000n;

/**
 * Decodes a value of statistics to the form of `readScalars`. Undefined if the types do not match, so that the value
 * cannot be used. Source: the Parquet format, "Plain" encoding.
 *
 * @param bytes - the value in PLAIN encoding; strings have no length
 */
export function toStatisticValue(
  bytes: Uint8Array | undefined,
  { physicalType, typeByteLength, unit }: Pick<ColumnChunk, "physicalType" | "typeByteLength" | "unit">,
  { type }: Field,
): Scalar | undefined {
  if (bytes === undefined || physicalType === undefined || !hasLength(bytes, physicalType)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type.kind) {
    case "bool":
      return physicalType === "boolean" && bytes[0]! <= 1 ? bytes[0] === 1 : undefined;
    case "int":
      if (type.bitWidth === 64) {
        if (physicalType !== "int64") return undefined;
        return type.signed ? view.getBigInt64(0, true) : view.getBigUint64(0, true);
      }
      if (physicalType !== "int32") return undefined;
      return type.signed ? view.getInt32(0, true) : view.getUint32(0, true);
    case "float":
      if (type.bitWidth === 32 && physicalType === "float") return view.getFloat32(0, true);
      return type.bitWidth === 64 && physicalType === "double" ? view.getFloat64(0, true) : undefined;
    case "decimal":
      // One that is cut is another number.
      if (physicalType === "fixed_len_byte_array" && bytes.byteLength !== typeByteLength) return undefined;
      return toUnscaled(bytes, view, physicalType);
    case "date":
      if (physicalType !== "int32") return undefined;
      return type.unit === "day" ? view.getInt32(0, true) : BigInt(view.getInt32(0, true)) * millisecondsPerDay;
    case "time":
      if (type.unit === "s") return physicalType === "int32" ? inSeconds(view.getInt32(0, true), unit) : undefined;
      if (type.bitWidth === 32) return physicalType === "int32" ? view.getInt32(0, true) : undefined;
      return physicalType === "int64" ? view.getBigInt64(0, true) : undefined;
    case "timestamp":
      if (physicalType !== "int64") return undefined;
      return type.unit === "s" ? inSeconds(view.getBigInt64(0, true), unit) : view.getBigInt64(0, true);
    case "duration":
      return physicalType === "int64" ? view.getBigInt64(0, true) : undefined;
    case "utf8":
    case "large_utf8":
    case "utf8_view":
    case "binary":
    case "large_binary":
    case "binary_view":
      return physicalType === "byte_array" ? bytes : undefined;
    case "fixed_size_binary":
      return physicalType === "fixed_len_byte_array" ? bytes : undefined;
    default:
      return undefined;
  }
}

/** Converts stored milliseconds to seconds; undefined if there is a fraction. */
function inSeconds<T extends number | bigint>(value: T, unit: StoredUnit | undefined): T | undefined {
  if (unit !== "ms") return value;
  if (typeof value === "bigint") return value % 1000n === 0n ? ((value / 1000n) as T) : undefined;
  return value % 1000 === 0 ? ((value / 1000) as T) : undefined;
}

function hasLength({ byteLength }: Uint8Array, physicalType: PhysicalType): boolean {
  switch (physicalType) {
    case "boolean":
      return byteLength === 1;
    case "int32":
    case "float":
      return byteLength === 4;
    case "int64":
    case "double":
      return byteLength === 8;
    default:
      return true;
  }
}

/** Decimals in bytes are big-endian. */
function toUnscaled(bytes: Uint8Array, view: DataView, physicalType: PhysicalType): bigint | undefined {
  if (physicalType === "int32") return BigInt(view.getInt32(0, true));
  if (physicalType === "int64") return view.getBigInt64(0, true);
  if (physicalType !== "fixed_len_byte_array" && physicalType !== "byte_array") return undefined;
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(8 * bytes.byteLength, value);
}
