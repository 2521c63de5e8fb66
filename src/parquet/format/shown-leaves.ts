import type { Field } from "../../arrow/index.ts";
import { physicalTypes } from "./column-chunks.ts";
import { schemaElement } from "./footer-fields.ts";
import { mapFields } from "./stored-schema.ts";
import type { ThriftStruct } from "./thrift.ts";
import { optionalInteger } from "./thrift-fields.ts";

/** Bytes of Parquet's INTERVAL: months, days and milliseconds. */
export const intervalByteWidth = 12;

/** As `ConvertedType` numbers it. */
const interval = 21n;

/** Where the elements of columns with values are among a schema's elements, in order. */
export function findLeaves(elements: readonly ThriftStruct[]): number[] {
  return [...elements.keys()].filter(
    (place) => place > 0 && (optionalInteger(elements[place]!, schemaElement.childCount) ?? 0n) === 0n,
  );
}

/** The leaves of a schema that are timestamps in INT96, by their index among all leaves. */
export function findInt96Leaves(elements: readonly ThriftStruct[]): number[] {
  const int96 = BigInt(physicalTypes.indexOf("int96"));
  const isInt96 = (place: number): boolean => optionalInteger(elements[place]!, schemaElement.type) === int96;
  return [...findLeaves(elements).entries()].flatMap(([leaf, place]) => (isInt96(place) ? [leaf] : []));
}

/** The presentation of the intervals of a schema, and their leaf indices. */
export interface ShownIntervals {
  /** All elements, those of intervals without their type: bytes of a fixed width. */
  readonly elements: readonly ThriftStruct[];
  /** The leaves that are intervals, by their index among all leaves. */
  readonly leaves: readonly number[];
}

/** Takes the type off intervals, of which parquet-wasm drops the months. */
export function hideIntervals(elements: readonly ThriftStruct[]): ShownIntervals {
  const hidden = [...elements];
  const leaves: number[] = [];
  for (const [leaf, place] of findLeaves(elements).entries()) {
    const element = elements[place]!;
    if (optionalInteger(element, schemaElement.convertedType) !== interval) continue;
    if (optionalInteger(element, schemaElement.typeByteLength) !== BigInt(intervalByteWidth)) continue;
    leaves.push(leaf);
    hidden[place] = new Map(element);
    hidden[place].delete(schemaElement.convertedType);
  }
  return { elements: hidden, leaves };
}

/**
 * Replaces leaf fields of a schema, including dictionaries. Their order is the order of the leaves in the file's own
 * schema. Returns the same objects if nothing changes.
 *
 * @param change - gets the field and its leaf index
 */
export function mapLeaves(fields: readonly Field[], change: (field: Field, leaf: number) => Field): readonly Field[] {
  let leaf = 0;
  const visit = (field: Field): Field => {
    if (field.dictionary || field.children.length === 0) return change(field, leaf++);
    const children = mapFields(field.children, visit);
    return children === field.children ? field : { ...field, children };
  };
  return mapFields(fields, visit);
}
