import type { Field } from "../flight/index.ts";

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
 * parquet-wasm takes a name for the beginning of a path: `a` is also the column `a.b`, and `a.b` is also the field b
 * of the struct a. Where a column could be meant that was not asked for, all are decoded, and the others left out.
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
  const isMeant = ({ name }: Field): boolean =>
    names.has(name) || parents.has(name) || parentPaths(name).some((path) => names.has(path));
  if (fields.some((field) => !wanted(field) && isMeant(field))) return { names: undefined, fields, wanted };
  return { names: [...names], fields: fields.filter(wanted), wanted };
}

/** The paths above a name, if it were one: `a` and `a.b` of `a.b.c`. */
function parentPaths(name: string): string[] {
  return [...name.matchAll(/\./g)].map(({ index }) => name.slice(0, index));
}
