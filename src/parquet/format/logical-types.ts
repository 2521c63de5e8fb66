import { physicalTypes, type PhysicalType } from "./column-chunks.ts";
import { decimalType, integerType, logicalType, schemaElement, timeType, timeUnit } from "./footer-fields.ts";
import type { ThriftStruct } from "./thrift.ts";
import { optionalInteger } from "./thrift-fields.ts";

/* What the format says of logical types. Source: LogicalTypes and parquet.thrift of apache/parquet-format. */

/** A logical type of a schema's element: its number, and what it says of itself. */
export interface LogicalType {
  readonly id: number;
  readonly parameters: ThriftStruct;
}

/** The logical type of an element; undefined where it has none that is known, and older files have only a `ConvertedType`. */
export function logicalTypeOf(element: ThriftStruct): LogicalType | undefined {
  const union = element.get(schemaElement.logicalType)?.value;
  if (!(union instanceof Map)) return undefined;
  const [[id, field] = []] = union;
  return id !== undefined && field?.value instanceof Map ? { id, parameters: field.value } : undefined;
}

/** The physical type of an element; undefined where it is a group, or of a type that is none. */
export function physicalTypeOf(element: ThriftStruct): PhysicalType | undefined {
  const number = optionalInteger(element, schemaElement.type);
  return number === undefined ? undefined : physicalTypes[Number(number)];
}

/** As `ConvertedType` numbers those that say the same as a logical type without parameters. */
const plainConverted = new Map<number, bigint>([
  [logicalType.string, 0n],
  [logicalType.map, 1n],
  [logicalType.list, 3n],
  [logicalType.enum, 4n],
  [logicalType.decimal, 5n],
  [logicalType.date, 6n],
  [logicalType.json, 19n],
  [logicalType.bson, 20n],
]);

/** The `ConvertedType` that says the same as a logical type; undefined where none does. */
export function convertedTypeOf({ id, parameters }: LogicalType): bigint | undefined {
  const unit = unitOf(parameters);
  if (id === logicalType.time || id === logicalType.timestamp) {
    const first = id === logicalType.time ? 7n : 9n;
    return unit === "ms" ? first : unit === "us" ? first + 1n : undefined;
  }
  if (id !== logicalType.integer) return plainConverted.get(id);
  const width = integerWidths.indexOf(bitWidthOf(parameters));
  return width < 0 ? undefined : BigInt(width + (isSigned(parameters) ? 15 : 11));
}

const integerWidths = [8, 16, 32, 64];

function bitWidthOf(parameters: ThriftStruct): number {
  return Number(optionalInteger(parameters, integerType.bitWidth) ?? NaN);
}

function isSigned(parameters: ThriftStruct): boolean {
  return parameters.get(integerType.isSigned)?.value === true;
}

function unitOf(parameters: ThriftStruct): "ms" | "us" | "ns" | undefined {
  const unit = parameters.get(timeType.unit)?.value;
  if (!(unit instanceof Map)) return undefined;
  return unit.has(timeUnit.milliseconds) ? "ms" : unit.has(timeUnit.microseconds) ? "us" : "ns";
}

const ofBytes: readonly number[] = [
  logicalType.string,
  logicalType.enum,
  logicalType.json,
  logicalType.bson,
  logicalType.geometry,
  logicalType.geography,
];

/** The logical types that a group may have. */
export const groupTypes: readonly number[] = [logicalType.map, logicalType.list, logicalType.variant];

/** Whether values of an element's physical type may have a logical type; true of one that is not known. */
export function isApplicable({ id, parameters }: LogicalType, element: ThriftStruct): boolean {
  const physicalType = physicalTypeOf(element);
  if (groupTypes.includes(id)) return false;
  if (ofBytes.includes(id)) return physicalType === "byte_array";
  switch (id) {
    case logicalType.decimal:
      return decimalPrecision(parameters) <= decimalPrecisionMax(element);
    case logicalType.date:
      return physicalType === "int32";
    case logicalType.time:
      return physicalType === (unitOf(parameters) === "ms" ? "int32" : "int64");
    case logicalType.timestamp:
      return physicalType === "int64";
    case logicalType.integer:
      return physicalType === (bitWidthOf(parameters) === 64 ? "int64" : "int32");
    case logicalType.uuid:
      return isFixed(element, 16);
    case logicalType.float16:
      return isFixed(element, 2);
    default:
      return true;
  }
}

function decimalPrecision(parameters: ThriftStruct): number {
  return Number(optionalInteger(parameters, decimalType.precision) ?? 0n);
}

/** The most digits that decimals of an element's physical type have; 0 of one that has none. */
export function decimalPrecisionMax(element: ThriftStruct): number {
  switch (physicalTypeOf(element)) {
    case "int32":
      return 9;
    case "int64":
      return 18;
    case "byte_array":
      return Infinity;
    case "fixed_len_byte_array":
      return Math.floor((8 * byteWidthOf(element) - 1) * Math.log10(2));
    default:
      return 0;
  }
}

/** Whether values are bytes of a fixed width. */
export function isFixed(element: ThriftStruct, byteWidth: number): boolean {
  return physicalTypeOf(element) === "fixed_len_byte_array" && byteWidthOf(element) === byteWidth;
}

function byteWidthOf(element: ThriftStruct): number {
  return Number(optionalInteger(element, schemaElement.typeByteLength) ?? 0n);
}
