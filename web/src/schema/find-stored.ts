import type { Field } from "hangar/flight";

/** The field of a stored column, and whether one of its rows may have any number of values. */
export interface StoredField {
  /** Undefined where the path does not lead to one. */
  readonly field: Field | undefined;
  readonly isRepeated: boolean;
}

/**
 * Finds the field that is stored as a column of a Parquet file. Below a list, the path has `list` and the item's name there,
 * whatever the field of the items is called; below a map `key_value`; pure.
 */
export function findStored(fields: readonly Field[], path: readonly string[]): StoredField {
  let field = fields.find(({ name }) => name === path[0]);
  let isRepeated = false;
  let at = 1;
  while (field !== undefined && at < path.length) {
    const [child]: readonly (Field | undefined)[] = field.children;
    if (/list/.test(field.type.kind)) {
      isRepeated = true;
      field = child;
      // Files of old writers have one level for the list and its items.
      at += path.length > at + 1 ? 2 : 1;
    } else if (field.type.kind === "map") {
      isRepeated = true;
      field = child?.children[["key", "keys"].includes(path[at + 1] ?? "") ? 0 : 1];
      at += 2;
    } else {
      const name = path[at];
      field = field.children.find((each) => each.name === name);
      at += 1;
    }
  }
  return { field, isRepeated };
}
