import type { Field } from "../../arrow/index.ts";
import { shownNames } from "../format/shown-names.ts";

/** The columns that are got out of a file. */
export interface Projection {
  /** What parquet-wasm is asked for; undefined for everything. */
  readonly names: string[] | undefined;
  /** The columns that it then decodes, in order. */
  readonly fields: readonly Field[];
  /** The same, under the names that parquet-wasm is shown. */
  readonly shownFields: readonly Field[];
}

/**
 * Plans which columns are decoded.
 *
 * @param fields - the file's columns
 * @param columnIndices - of those asked for, rising; undefined for all
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
