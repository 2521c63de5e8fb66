/** Names that parquet-wasm finds as they are: it takes a dot for a step into a struct, and counts letters as bytes. */
const plainName = /^[\x20-\x2d\x2f-\x7e]+$/;

/**
 * Returns the names under which a file's columns are presented to parquet-wasm. They are the file's own names, unless
 * one of them is empty, duplicate, not ASCII, or contains a dot.
 *
 * @param names - the names of the top-level columns
 */
export function shownNames(names: readonly string[]): readonly string[] {
  if (names.every((name) => plainName.test(name)) && new Set(names).size === names.length) return names;
  return names.map((_, i) => `column ${i}`);
}
