import type { Field } from "../../arrow/index.ts";
import { elementName } from "./schema-leaves.ts";
import type { SchemaNode } from "./schema-tree.ts";
import { mapFields } from "./stored-schema.ts";

/**
 * Gives the fields of a file's Arrow schema the names that the file's own schema has in their place, nested ones too:
 * parquet-wasm refuses a file in which they differ, and other readers find them by their place.
 *
 * @param nodes - the elements that the fields are of, in order
 * @returns the same array where all have their names, or are not as many
 */
export function alignNames(fields: readonly Field[], nodes: readonly SchemaNode[]): readonly Field[] {
  if (fields.length !== nodes.length) return fields;
  let place = 0;
  return mapFields(fields, (field) => alignField(field, nodes[place++]!));
}

function alignField(field: Field, node: SchemaNode): Field {
  const name = elementName(node.element);
  const children = alignNames(field.children, nodesOfChildren(field, node));
  return name === field.name && children === field.children ? field : { ...field, name, children };
}

/** The elements that the children of a field are of; none where that is not clear, and names are not compared. */
function nodesOfChildren({ type, children }: Field, node: SchemaNode): readonly SchemaNode[] {
  if (type.kind === "struct") return node.children;
  const [repeated] = node.children;
  if (repeated === undefined || children.length !== 1) return [];
  if (type.kind === "map") return [repeated];
  // Items of a list are within a group, or are the repeated element itself.
  const [item, ...others] = repeated.children;
  const isItem = children[0]!.type.kind === "struct" && children[0]!.children.length === repeated.children.length;
  return item === undefined || others.length > 0 || (isItem && item.children.length === 0) ? [repeated] : [item];
}
