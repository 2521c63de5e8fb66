import type { Field } from "../arrow/index.ts";
import { findSimilar, quoteName, shorten } from "../flight/index.ts";
import { refused, type Place } from "./filter-error.ts";
import { quoteColumn } from "./quote.ts";

/** A field that a filter names. It is plain data, so that it can be sent to workers. */
export interface BoundField {
  /** The index of the column, then those of the children of structs, down to the field. */
  readonly indices: readonly number[];
  /** The same by name. */
  readonly path: readonly string[];
}

/** The column, followed by the struct fields down to a field. */
export type FieldPath = readonly [Field, ...Field[]];

/** The longest path in a message, in characters. */
const pathCharCountMax = 200;

/** Columns that a wrong name is compared with, which bounds the time that a mistake takes. */
const similarCountMax = 2000;

/** Letters that a name which another begins with must have, to be taken for its beginning. */
const partLengthMin = 3;

/** Formats a path for messages. A long path is truncated. */
export function formatPath(path: readonly string[]): string {
  return shorten(quoteColumn(path), pathCharCountMax);
}

/** Finds the fields of a bound field in a schema that is equal to the one that it was bound to. */
export function resolveField({ indices }: BoundField, columns: readonly Field[]): FieldPath {
  const [columnIndex, ...childIndices] = indices;
  const fields: [Field, ...Field[]] = [columns[columnIndex!]!];
  for (const index of childIndices) fields.push(fields.at(-1)!.children[index]!);
  return fields;
}

/**
 * Finds a field by its path, through structs.
 *
 * @param hint - what else the writer may have meant if there is no such field and no similar one
 * @throws FilterError if the field does not exist or is ambiguous
 */
export function findField(
  { path, place }: { readonly path: readonly string[]; readonly place: Place },
  columns: readonly Field[],
  hint = "",
): BoundField & { readonly field: Field } {
  const indices: number[] = [];
  let found: Field | undefined;
  let among = columns;
  for (const [depth, name] of path.entries()) {
    const index = among.findIndex((each) => each.name === name);
    const shown = formatPath(path.slice(0, depth + 1));
    if (index === -1) {
      const where = found === undefined ? "column of the dataset" : `field of ${quoteName(found.name)}`;
      const similar = similarName(name, among);
      const meant = similar && `; did you mean ${formatPath([...path.slice(0, depth), similar])}?`;
      throw refused(place, `${shown} is not a ${where}${meant ?? hint}`);
    }
    if (among.some((each, i) => i > index && each.name === name))
      throw refused(place, `several fields are named ${shown}`);
    indices.push(index);
    found = among[index]!;
    // What is below a list or a map is many values, and what is below a dictionary is not in the rows.
    among = found.type.kind === "struct" && found.dictionary === undefined ? found.children : [];
  }
  return { field: found!, indices, path };
}

/** Returns the field that a wrong name may mean: the same word in other letters, a similar one, or its longer form. */
export function similarName(name: string, among: readonly Pick<Field, "name">[]): string | undefined {
  const names = among.slice(0, similarCountMax).map((field) => field.name);
  const word = name.toLowerCase();
  return (
    names.find((each) => each.toLowerCase() === word) ??
    findSimilar(name, names) ??
    // Half a word begins many names.
    (word.length < partLengthMin ? undefined : names.find((each) => each.toLowerCase().startsWith(word)))
  );
}
