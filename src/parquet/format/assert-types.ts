import type { PhysicalType } from "./column-chunks.ts";
import { decimalType, logicalType, schemaElement } from "./footer-fields.ts";
import { decimalPrecisionMax, groupTypes, isFixed, logicalTypeOf, physicalTypeOf } from "./logical-types.ts";
import { elementName } from "./schema-leaves.ts";
import type { SchemaNode } from "./schema-tree.ts";
import type { ThriftStruct } from "./thrift.ts";
import { optionalInteger } from "./thrift-fields.ts";
import { UnsupportedError } from "./unsupported-error.ts";

/*
 * Types that parquet-wasm refuses, or falls over, without saying of which column they are. Source: LogicalTypes of
 * apache/parquet-format.
 */

/** As `ConvertedType` numbers them: their names, and the physical type of their values; of those of groups none. */
const convertedTypes: readonly (readonly [name: string, physicalType?: PhysicalType])[] = [
  ["UTF8", "byte_array"],
  ["MAP"],
  ["MAP_KEY_VALUE"],
  ["LIST"],
  ["ENUM", "byte_array"],
  ["DECIMAL"],
  ["DATE", "int32"],
  ["TIME_MILLIS", "int32"],
  ["TIME_MICROS", "int64"],
  ["TIMESTAMP_MILLIS", "int64"],
  ["TIMESTAMP_MICROS", "int64"],
  ["UINT_8", "int32"],
  ["UINT_16", "int32"],
  ["UINT_32", "int32"],
  ["UINT_64", "int64"],
  ["INT_8", "int32"],
  ["INT_16", "int32"],
  ["INT_32", "int32"],
  ["INT_64", "int64"],
  ["JSON", "byte_array"],
  ["BSON", "byte_array"],
  ["INTERVAL", "fixed_len_byte_array"],
];

/** Digits of the widest decimals that Arrow has. */
const decimalDigitsMax = 76;

/** As `FieldRepetitionType` numbers it. */
const repeated = 2n;

/**
 * Asserts that the columns of a schema have types that Parquet has, and that are decoded.
 *
 * @param root - of a footer whose types are settled (`settleTypes`)
 * @throws Error, UnsupportedError; both name the column and its type
 */
export function assertTypes(root: SchemaNode): void {
  for (const child of root.children) assertNode(child, { path: "", isNested: false });
}

/** Where an element is: the names above it, and whether it is part of a list or a map. */
interface Place {
  readonly path: string;
  readonly isNested: boolean;
}

function assertNode({ element, children }: SchemaNode, { path: parent, isNested }: Place): void {
  const path = parent === "" ? elementName(element) : `${parent}.${elementName(element)}`;
  const column = `column ${JSON.stringify(path)}`;
  if (children.length === 0) return assertLeaf(element, column);
  const kind = groupKind(element, column, isNested);
  const why = kind && faultOf(kind, { element, children }, isNested);
  if (why !== undefined) throw new Error(`${column} is a ${kind} ${why}, which Parquet does not have`);
  for (const child of children) assertNode(child, { path, isNested: kind === "LIST" || kind === "MAP" });
}

function assertLeaf(element: ThriftStruct, column: string): void {
  const logical = logicalTypeOf(element);
  const converted = optionalInteger(element, schemaElement.convertedType);
  if (logical?.id === logicalType.decimal) return assertDecimal(logical.parameters, element, column);
  if (logical !== undefined || converted === undefined) return;
  const [name, expected] = convertedTypes[Number(converted)] ?? [];
  if (name === "DECIMAL") return assertDecimal(element, element, column);
  if (name === undefined) throw new UnsupportedError(`${column} has the converted type ${converted}, which is unknown`);
  const physicalType = physicalTypeOf(element);
  if (physicalType === expected && (name !== "INTERVAL" || isFixed(element, 12))) return;
  throw new Error(`${column} is ${name} of ${nameOf(physicalType)}, which Parquet does not have`);
}

function nameOf(physicalType: PhysicalType | undefined): string {
  return (physicalType ?? "a group").toUpperCase();
}

/** @param owner - says precision and scale */
function assertDecimal(owner: ThriftStruct, element: ThriftStruct, column: string): void {
  const ids = owner === element ? schemaElement : decimalType;
  const precision = Number(optionalInteger(owner, ids.precision) ?? 0n);
  const scale = Number(optionalInteger(owner, ids.scale) ?? 0n);
  const what = `${column} is DECIMAL(${precision}, ${scale})`;
  if (precision < 1 || scale < 0 || scale > precision) throw new Error(`${what}, which Parquet does not have`);
  const precisionMax = decimalPrecisionMax(element);
  if (precision > precisionMax) {
    throw new Error(`${what} of ${nameOf(physicalTypeOf(element))}, which has at most ${precisionMax} digits`);
  }
  if (precision > decimalDigitsMax)
    throw new UnsupportedError(`${what}; at most ${decimalDigitsMax} digits are supported`);
}

type GroupKind = "LIST" | "MAP" | undefined;

function groupKind(element: ThriftStruct, column: string, isNested: boolean): GroupKind {
  const logical = logicalTypeOf(element);
  const converted = optionalInteger(element, schemaElement.convertedType);
  const isKnown = logical
    ? groupTypes.includes(logical.id)
    : converted === undefined || (converted >= 1n && converted <= 3n);
  if (!isKnown) throw new Error(`${column} is a group, and has a logical type that only columns of values can have`);
  if (logical?.id === logicalType.list || (!logical && converted === 3n)) return "LIST";
  // The entries of a map were marked as such, too.
  const isEntry = isNested && optionalInteger(element, schemaElement.repetition) === repeated;
  const isMap = logical ? logical.id === logicalType.map : converted === 1n || (converted === 2n && !isEntry);
  return isMap ? "MAP" : undefined;
}

/** What is wrong with a list or a map. */
function faultOf(kind: "LIST" | "MAP", { element, children }: SchemaNode, isNested: boolean): string | undefined {
  const isRepeated = (node: ThriftStruct): boolean => optionalInteger(node, schemaElement.repetition) === repeated;
  const [child, ...others] = children;
  if (others.length > 0) return `of ${children.length} fields`;
  if (!isRepeated(child!.element)) return "whose items are not repeated";
  if (isRepeated(element) && !isNested) return "that is itself repeated";
  if (kind === "LIST") return undefined;
  const fieldCount = child!.children.length;
  if (fieldCount === 0) return "without keys";
  return fieldCount > 2 ? `whose entries have ${fieldCount} fields` : undefined;
}
