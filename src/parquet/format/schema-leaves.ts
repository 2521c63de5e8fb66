import { logicalType, schemaElement, timeType, timeUnit } from "./footer-fields.ts";
import type { ThriftStruct } from "./thrift.ts";
import { optionalInteger } from "./thrift-fields.ts";

/** A leaf column of Parquet. It has values, and a column chunk in each row group. */
export interface SchemaLeaf {
  /** Its column at the top level, by index. */
  readonly columnIndex: number;
  /** The names down to it; the column's own is the first. */
  readonly path: readonly string[];
  /** The number of repeated elements from the root to the leaf. If it is not 0, a row may have any number of values. */
  readonly repetitionMax: number;
  /** The number of elements from the root to the leaf that are not required. */
  readonly definitionMax: number;
  /** The unit of its values, if they are times, timestamps or dates. */
  readonly unit: StoredUnit | undefined;
}

/** A conversion of units: milliseconds for seconds, or days for dates in milliseconds. */
export type StoredUnit = "ms" | "day";

/** As `FieldRepetitionType` numbers them. */
const required = 0n;
const repeated = 2n;

const textDecoder = new TextDecoder();

/** Returns the name of a schema element; empty if it has none. */
export function elementName(element: ThriftStruct): string {
  const value = element.get(schemaElement.name)?.value;
  return value instanceof Uint8Array ? textDecoder.decode(value) : "";
}

/** Finds the leaves of a schema, in order. @param elements - depth first, the root before all */
export function findSchemaLeaves(elements: readonly ThriftStruct[]): SchemaLeaf[] {
  const leaves: SchemaLeaf[] = [];
  /** An open group: the number of remaining children, and its properties. */
  const open: { childCount: number; leaf: SchemaLeaf }[] = [];
  let columnIndex = -1;
  for (const [i, element] of elements.entries()) {
    const parent = open.at(-1);
    if (open.length === 1) columnIndex++;
    const leaf = parent ? toLeaf(element, { ...parent.leaf, columnIndex }) : root;
    if (parent) parent.childCount--;
    const childCount = Number(optionalInteger(element, schemaElement.childCount) ?? 0n);
    if (childCount > 0) open.push({ childCount, leaf });
    else if (i > 0) leaves.push(leaf);
    while (open.at(-1)?.childCount === 0) open.pop();
  }
  return leaves;
}

/** The root has no repetition that would mean anything. */
const root: SchemaLeaf = { columnIndex: 0, path: [], repetitionMax: 0, definitionMax: 0, unit: undefined };

function toLeaf(element: ThriftStruct, parent: SchemaLeaf): SchemaLeaf {
  const repetition = optionalInteger(element, schemaElement.repetition) ?? required;
  return {
    columnIndex: parent.columnIndex,
    path: [...parent.path, elementName(element)],
    repetitionMax: parent.repetitionMax + (repetition === repeated ? 1 : 0),
    definitionMax: parent.definitionMax + (repetition === required ? 0 : 1),
    unit: unitOf(element),
  };
}

/** As `ConvertedType` numbers them, which older files have alone. */
const convertedUnits = new Map<bigint | undefined, StoredUnit>([
  [6n, "day"],
  [7n, "ms"],
  [9n, "ms"],
]);

function unitOf(element: ThriftStruct): StoredUnit | undefined {
  const logical = element.get(schemaElement.logicalType)?.value;
  if (!(logical instanceof Map)) return convertedUnits.get(optionalInteger(element, schemaElement.convertedType));
  if (logical.has(logicalType.date)) return "day";
  const time = (logical.get(logicalType.time) ?? logical.get(logicalType.timestamp))?.value;
  const unit = time instanceof Map ? time.get(timeType.unit)?.value : undefined;
  return unit instanceof Map && unit.has(timeUnit.milliseconds) ? "ms" : undefined;
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
