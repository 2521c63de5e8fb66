/** Names that parquet-wasm finds as they are: it takes a dot for a step into a struct, and counts letters as bytes. */
const plainName = /^[\x20-\x2d\x2f-\x7e]+$/;

/**
 * The names under which parquet-wasm is shown a file's columns: their own where it finds each by its name, others where
 * one of them is empty, is there twice, has a dot or is not ASCII.
 *
 * @param names - of the columns at the top level
 */
export function shownNames(names: readonly string[]): readonly string[] {
  if (names.every((name) => plainName.test(name)) && new Set(names).size === names.length) return names;
  return names.map((_, i) => `column ${i}`);
}
