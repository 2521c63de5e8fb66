import type { ArrayView, Field } from "hangar/flight";

/**
 * The array of a field of structs, as a column: an element is null where one of its structs is; undefined if there is no
 * such field.
 *
 * @param path - the names from the column's field down to the field
 */
export function nestedArray(column: ArrayView, path: readonly string[], name: string): ArrayView | undefined {
  let array = column;
  for (const segment of path) {
    const child = array.children.find(({ field }) => field.name === segment);
    if (child === undefined || array.field.type.kind !== "struct") return undefined;
    array = { ...child, offset: child.offset + array.offset, length: array.length, validity: bothValid(array, child) };
  }
  const field: Field = { ...array.field, name };
  return { ...array, field };
}

/** The bits of elements that are valid in a struct and in its child. */
function bothValid(struct: ArrayView, child: ArrayView): ArrayView["validity"] {
  if (struct.validity === undefined) return child.validity;
  if (child.validity === undefined) return struct.validity;
  return struct.validity.and(child.validity);
}
