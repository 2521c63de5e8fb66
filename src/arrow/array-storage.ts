import { FlightError } from "../flight/index.ts";
import type { DataType } from "./data-type.ts";
import type { Field } from "./schema.ts";

/** The memory layout of an array that can be sliced. */
export type ArrayStorage =
  /** No buffers, not even validity. */
  | { readonly kind: "null" }
  | { readonly kind: "fixed"; readonly bitWidth: number }
  | { readonly kind: "variable" | "list" | "list_view"; readonly offsetByteWidth: 4 | 8 }
  | { readonly kind: "view" | "struct" }
  | { readonly kind: "fixed_size_list"; readonly listSize: number };

/** The memory layout of an array that can be read but not sliced. Its children hold its values. */
export type ReadOnlyStorage =
  /** `typeIds` are the ids of the children. */
  | { readonly kind: "sparse_union" | "dense_union"; readonly typeIds: readonly number[] }
  /** The children are the ends of the runs and the values of the runs. */
  | { readonly kind: "runs" };

const intervalBitWidths = { year_month: 32, day_time: 64, month_day_nano: 128 } as const;

/**
 * Returns the storage of a field's array. For a field with a dictionary, this is the storage of its indices. Source:
 * the Arrow columnar format, "Buffer Listing for Each Layout".
 *
 * @throws FlightError UNIMPLEMENTED, with the column, for unions and run-end encoding
 */
export function arrayStorage(field: Field): ArrayStorage {
  return field.dictionary ? { kind: "fixed", bitWidth: field.dictionary.indexType.bitWidth } : storageOf(field);
}

/** The storage of a field whose array can be read and not cut; undefined for all others. */
export function readOnlyStorage({ type, dictionary }: Field): ReadOnlyStorage | undefined {
  if (dictionary) return undefined;
  if (type.kind === "union") return { kind: `${type.mode}_union`, typeIds: type.typeIds };
  return type.kind === "run_end_encoded" ? { kind: "runs" } : undefined;
}

function storageOf({ name, type }: Field): ArrayStorage {
  const bitWidth = fixedBitWidth(type);
  if (bitWidth !== undefined) return { kind: "fixed", bitWidth };
  switch (type.kind) {
    case "null":
    case "struct":
      return { kind: type.kind };
    case "utf8":
    case "binary":
      return { kind: "variable", offsetByteWidth: 4 };
    case "large_utf8":
    case "large_binary":
      return { kind: "variable", offsetByteWidth: 8 };
    case "utf8_view":
    case "binary_view":
      return { kind: "view" };
    case "list":
    case "map":
      return { kind: "list", offsetByteWidth: 4 };
    case "large_list":
      return { kind: "list", offsetByteWidth: 8 };
    case "list_view":
      return { kind: "list_view", offsetByteWidth: 4 };
    case "large_list_view":
      return { kind: "list_view", offsetByteWidth: 8 };
    case "fixed_size_list":
      return { kind: "fixed_size_list", listSize: type.listSize };
    default:
      throw new FlightError("unimplemented", `column ${name}: batches of type ${type.kind} cannot be split`);
  }
}

/** Returns the size of a value in bits, if all values of the type have the same size. */
export function fixedBitWidth(type: DataType): number | undefined {
  switch (type.kind) {
    case "bool":
      return 1;
    case "date":
      return type.unit === "day" ? 32 : 64;
    case "timestamp":
    case "duration":
      return 64;
    case "interval":
      return intervalBitWidths[type.unit];
    case "fixed_size_binary":
      return type.byteWidth * 8;
    case "int":
    case "float":
    case "decimal":
    case "time":
      return type.bitWidth;
    default:
      return undefined;
  }
}
