import type { Field } from "../../arrow/index.ts";

/** How the columns that are asked for are got out of a file. */
export interface Projection {
  /** What parquet-wasm is asked for; undefined for everything. */
  readonly names: string[] | undefined;
  /** The columns that it then decodes, in order. */
  readonly fields: readonly Field[];
  /** Whether one of these was asked for. */
  readonly wanted: (field: Field) => boolean;
}

/**
 * Plans which columns are decoded.
 *
 * parquet-wasm takes a name for the beginning of a path: `a` is also the column `a.b`, which is then decoded as well
 * and left out. And `a.b` is also the field b of the struct a, of which it would decode a part: there all columns are
 * decoded.
 *
 * @param fields - the file's columns
 * @param columnIndices - of those asked for, rising; undefined for all
 */
export function planProjection(fields: readonly Field[], columnIndices: readonly number[] | undefined): Projection {
  if (columnIndices === undefined) return { names: undefined, fields, wanted: () => true };
  const chosen = new Set(columnIndices.map((index) => fields[index]!));
  const wanted = (field: Field): boolean => chosen.has(field);
  const names = new Set([...chosen].map(({ name }) => name));
  const parents = new Set([...names].flatMap(parentPaths));
  const isCutUp = (field: Field): boolean => !wanted(field) && field.children.length > 0 && parents.has(field.name);
  if (fields.some(isCutUp)) return { names: undefined, fields, wanted };
  const isMeant = ({ name }: Field): boolean => names.has(name) || parentPaths(name).some((path) => names.has(path));
  return { names: [...names], fields: fields.filter(isMeant), wanted };
}

/** The paths above a name, if it were one: `a` and `a.b` of `a.b.c`. */
function parentPaths(name: string): string[] {
  return [...name.matchAll(/\./g)].map(({ index }) => name.slice(0, index));
}
