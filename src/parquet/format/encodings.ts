import type { PhysicalType } from "./column-chunks.ts";

/** Encodings that are looked into, as Parquet numbers them. */
export const encodings = { plain: 0, plainDictionary: 2, rle: 3, deltaBinaryPacked: 5, rleDictionary: 8 } as const;

/** Names of encodings, by their number. Source: `Encoding` in parquet.thrift of apache/parquet-format. */
const names = [
  "PLAIN",
  undefined,
  "PLAIN_DICTIONARY",
  "RLE",
  "BIT_PACKED",
  "DELTA_BINARY_PACKED",
  "DELTA_LENGTH_BYTE_ARRAY",
  "DELTA_BYTE_ARRAY",
  "RLE_DICTIONARY",
  "BYTE_STREAM_SPLIT",
] as const;

/** The types that parquet-wasm supports for an encoding; empty for all types. */
const readableTypes: Readonly<Record<string, readonly PhysicalType[]>> = {
  RLE: ["boolean"],
  BIT_PACKED: [],
  DELTA_BINARY_PACKED: ["int32", "int64"],
  DELTA_LENGTH_BYTE_ARRAY: ["byte_array"],
  DELTA_BYTE_ARRAY: ["byte_array", "fixed_len_byte_array"],
  BYTE_STREAM_SPLIT: ["int32", "int64", "float", "double", "fixed_len_byte_array"],
};

/** Returns Parquet's name of an encoding, such as `PLAIN`; for an unknown encoding, `UNKNOWN` and its number. */
export function encodingName(encoding: number): string {
  return names[encoding] ?? `UNKNOWN (${encoding})`;
}

/** Whether Parquet has an encoding of this number. */
export function isKnownEncoding(encoding: number): boolean {
  return names[encoding] !== undefined;
}

/** Whether parquet-wasm reads the values of a type in an encoding. */
export function isReadableEncoding(encoding: number, physicalType: PhysicalType): boolean {
  const name = names[encoding];
  return name !== undefined && (readableTypes[name]?.includes(physicalType) ?? true);
}
