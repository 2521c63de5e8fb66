import { schemaElement } from "./footer-fields.ts";
import type { ThriftStruct } from "./thrift.ts";
import { optionalInteger } from "./thrift-fields.ts";

/** A column of Parquet's own: one that has values, and a column chunk in each row group. */
export interface SchemaLeaf {
  /** Its column at the top level, by index. */
  readonly columnIndex: number;
  /** The names down to it; the column's own is the first. */
  readonly path: readonly string[];
  /** Whether it or something around it is repeated, so that a row may have several values, or none. */
  readonly isRepeated: boolean;
}

/** As `FieldRepetitionType` numbers it. */
const repeated = 2n;

const textDecoder = new TextDecoder();

/** The name of a schema's element; empty where it has none. */
export function elementName(element: ThriftStruct): string {
  const value = element.get(schemaElement.name)?.value;
  return value instanceof Uint8Array ? textDecoder.decode(value) : "";
}

/** Finds the leaves of a schema, in order. @param elements - depth first, the root before all */
export function findSchemaLeaves(elements: readonly ThriftStruct[]): SchemaLeaf[] {
  const leaves: SchemaLeaf[] = [];
  /** What is still open: children to come, and what they are part of. */
  const open: { childCount: number; path: readonly string[]; isRepeated: boolean }[] = [];
  let columnIndex = -1;
  for (const [i, element] of elements.entries()) {
    const parent = open.at(-1);
    if (open.length === 1) columnIndex++;
    // The root has no repetition that would mean anything.
    const isRepeated =
      i > 0 && (parent?.isRepeated === true || optionalInteger(element, schemaElement.repetition) === repeated);
    const path = parent ? [...parent.path, elementName(element)] : [];
    if (parent) parent.childCount--;
    const childCount = Number(optionalInteger(element, schemaElement.childCount) ?? 0n);
    if (childCount > 0) open.push({ childCount, path, isRepeated });
    else if (i > 0) leaves.push({ columnIndex, path, isRepeated });
    while (open.at(-1)?.childCount === 0) open.pop();
  }
  return leaves;
}

/** The elements of a schema's columns at the top level, by their index among all elements, in order. */
export function findColumnElements(elements: readonly ThriftStruct[]): number[] {
  const columns: number[] = [];
  /** Children to come, of the elements that are open. */
  const open: number[] = [];
  for (const [i, element] of elements.entries()) {
    if (open.length === 1) columns.push(i);
    if (open.length > 0) open[open.length - 1]!--;
    const childCount = Number(optionalInteger(element, schemaElement.childCount) ?? 0n);
    if (childCount > 0) open.push(childCount);
    while (open.at(-1) === 0) open.pop();
  }
  return columns;
}
