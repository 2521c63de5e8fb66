import type { ArrayView } from "../../arrow/index.ts";

/**
 * Asserts that no map has a null key. Parquet allows optional keys; Arrow does not.
 *
 * @param array - from `viewExportedBatch`; it has no validity bitmap if no value is null
 * @throws Error that names the column
 */
export function assertMapKeys(array: ArrayView, parent = ""): void {
  const { field, children } = array;
  const path = parent === "" ? field.name : `${parent}.${field.name}`;
  const keys = field.type.kind === "map" ? children[0]?.children[0] : undefined;
  if (keys?.validity !== undefined) {
    throw new Error(`column ${JSON.stringify(path)} is a MAP with a null for a key, which Arrow does not have`);
  }
  for (const child of children) assertMapKeys(child, path);
}
