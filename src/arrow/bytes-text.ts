import type { DataType } from "./data-type.ts";
import type { Field } from "./schema.ts";

/** The key of a field's metadata that names its extension type, as Arrow defines it. */
export const extensionNameKey = "ARROW:extension:name";

/** The key of a field's metadata for `ENUM`, a logical type of Parquet that Arrow has neither a type nor an extension of. */
export const logicalTypeKey = "hangar.logical_type";

/** Bytes of a UUID. */
export const uuidByteWidth = 16;

const byteKinds: readonly DataType["kind"][] = ["binary", "large_binary", "binary_view"];

/** Whether values are bytes, of any or of a fixed width. */
export function isBytesType({ kind }: DataType): boolean {
  return kind === "fixed_size_binary" || byteKinds.includes(kind);
}

/**
 * How the bytes of a field are written as text: `uuid` for 16 bytes with the extension type `arrow.uuid`, `utf8` for
 * Parquet's ENUM. Undefined for all other bytes and types. For a field with a dictionary, the type of the values counts.
 */
export function bytesTextOf({ type, metadata }: Pick<Field, "type" | "metadata">): "uuid" | "utf8" | undefined {
  if (type.kind === "fixed_size_binary") {
    const isUuid = type.byteWidth === uuidByteWidth && metadata.get(extensionNameKey) === "arrow.uuid";
    return isUuid ? "uuid" : undefined;
  }
  return byteKinds.includes(type.kind) && metadata.get(logicalTypeKey) === "ENUM" ? "utf8" : undefined;
}
