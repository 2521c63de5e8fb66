import type { Field } from "../../arrow/index.ts";
import { shownNames } from "../format/shown-names.ts";

/** The columns that are decoded from a file. */
export interface Projection {
  /** The column names that parquet-wasm gets; undefined for all columns. */
  readonly names: string[] | undefined;
  /** The decoded columns, in order. */
  readonly fields: readonly Field[];
  /** The same columns, with the names that parquet-wasm sees. */
  readonly shownFields: readonly Field[];
}

/**
 * Plans which columns are decoded.
 *
 * @param fields - the file's columns
 * @param columnIndices - the indices of the requested columns, in ascending order; undefined for all
 */
export function planProjection(fields: readonly Field[], columnIndices: readonly number[] | undefined): Projection {
  const names = shownNames(fields.map(({ name }) => name));
  const indices = columnIndices ?? [...fields.keys()];
  return {
    names: columnIndices?.map((index) => names[index]!),
    fields: indices.map((index) => fields[index]!),
    shownFields: indices.map((index) => ({ ...fields[index]!, name: names[index]! })),
  };
}
