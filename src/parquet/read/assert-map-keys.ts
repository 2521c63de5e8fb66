import type { ArrayView } from "../../arrow/index.ts";

/**
 * Asserts that no map has a null for a key: files may, whose keys are optional, and Arrow has no such maps.
 *
 * @param array - as `viewExportedBatch` gives it, without a validity where no value is null
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
