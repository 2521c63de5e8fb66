import type { DataType, Field, TimeUnit } from "../../arrow/index.ts";
import { physicalTypes } from "./column-chunks.ts";
import { decimalType, logicalType, schemaElement, timeType, timeUnit } from "./footer-fields.ts";
import { mapLeaves } from "./shown-leaves.ts";
import type { ThriftStruct } from "./thrift.ts";
import { optionalInteger } from "./thrift-fields.ts";

/**
 * Removes the parts of a file's Arrow schema that contradict the file's own schema, because parquet-wasm would use
 * them: integers as times, bytes as text, and other units, time zones and scales than the column has. Other readers use
 * the file's own schema.
 *
 * @param fields - of the Arrow schema
 * @param elements - of the file's own schema, depth first
 * @returns the same array where there is nothing of the kind
 */
export function dropFalseHints(fields: readonly Field[], elements: readonly ThriftStruct[]): readonly Field[] {
  const leaves = elements.filter(
    (element, i) => i > 0 && (optionalInteger(element, schemaElement.childCount) ?? 0n) === 0n,
  );
  let leafCount = 0;
  const mended = mapLeaves(fields, (leaf, index) => {
    leafCount++;
    const type = leaves[index] ? trueHint(leaf.type, leaves[index]) : leaf.type;
    return type === leaf.type ? leaf : { ...leaf, type };
  });
  return leafCount === leaves.length ? mended : fields;
}

/** A hint that parquet-wasm ignores for every column type. */
const noHint: DataType = { kind: "bool" };

function trueHint(hint: DataType, element: ThriftStruct): DataType {
  switch (hint.kind) {
    case "utf8":
    case "large_utf8":
    case "utf8_view":
      return isText(element) ? hint : noHint;
    case "decimal":
      return isDecimal(element, hint) ? hint : noHint;
    case "date":
      // Some writers leave dates in milliseconds, and seconds, without any type of Parquet's.
      return hint.unit === "day" || isBare(element, "int64") || hasType(element, logicalType.date, [6n])
        ? hint
        : noHint;
    case "time":
      return (hint.unit === "s" && isBare(element, "int32")) || hasType(element, logicalType.time, [7n, 8n])
        ? hint
        : noHint;
    case "timestamp":
      return hint.unit === "s" && isBare(element, "int64") ? hint : trueTimestamp(hint, element);
    default:
      return hint;
  }
}

function trueTimestamp(hint: DataType & { kind: "timestamp" }, element: ThriftStruct): DataType {
  // Which unit INT96 is read in is found out by its values.
  if (isPhysical(element, "int96")) return hint;
  const stored = storedTimestamp(element);
  if (stored === undefined || (hint.timezone !== "" && !stored.isUtc)) return noHint;
  return hint.unit === stored.unit ? hint : { ...hint, unit: stored.unit };
}

/** Returns the timestamp type in the file's own schema; undefined for other types. */
function storedTimestamp(element: ThriftStruct): { readonly unit: TimeUnit; readonly isUtc: boolean } | undefined {
  const logical = logicalOf(element);
  if (logical === undefined) {
    const converted = optionalInteger(element, schemaElement.convertedType);
    if (converted !== 9n && converted !== 10n) return undefined;
    return { unit: converted === 9n ? "ms" : "us", isUtc: true };
  }
  const timestamp = logical.get(logicalType.timestamp)?.value;
  const unit = timestamp instanceof Map ? timestamp.get(timeType.unit)?.value : undefined;
  if (!(timestamp instanceof Map) || !(unit instanceof Map)) return undefined;
  const name = unit.has(timeUnit.milliseconds) ? "ms" : unit.has(timeUnit.microseconds) ? "us" : "ns";
  return { unit: name, isUtc: timestamp.get(timeType.isUtc)?.value === true };
}

function isText(element: ThriftStruct): boolean {
  return hasType(element, logicalType.string, [0n]) || hasType(element, logicalType.json, [19n]);
}

function isDecimal(element: ThriftStruct, { precision, scale }: DataType & { kind: "decimal" }): boolean {
  const logical = logicalOf(element);
  const decimal = logical?.get(logicalType.decimal)?.value;
  const [struct, scaleId, precisionId] =
    decimal instanceof Map
      ? [decimal, decimalType.scale, decimalType.precision]
      : [element, schemaElement.scale, schemaElement.precision];
  if (logical ? !(decimal instanceof Map) : optionalInteger(element, schemaElement.convertedType) !== 5n) return false;
  const stored = [optionalInteger(struct, precisionId) ?? 0n, optionalInteger(struct, scaleId) ?? 0n];
  return stored[0] === BigInt(precision) && stored[1] === BigInt(scale);
}

/** Whether an element has a type: by its logical type or, in older files, by `ConvertedType`. */
function hasType(element: ThriftStruct, logicalId: number, converted: readonly bigint[]): boolean {
  const logical = logicalOf(element);
  if (logical) return logical.has(logicalId);
  const number = optionalInteger(element, schemaElement.convertedType);
  return number !== undefined && converted.includes(number);
}

function isBare(element: ThriftStruct, physicalType: (typeof physicalTypes)[number]): boolean {
  const isTyped = logicalOf(element) !== undefined || element.has(schemaElement.convertedType);
  return !isTyped && isPhysical(element, physicalType);
}

function isPhysical(element: ThriftStruct, physicalType: (typeof physicalTypes)[number]): boolean {
  return optionalInteger(element, schemaElement.type) === BigInt(physicalTypes.indexOf(physicalType));
}

function logicalOf(element: ThriftStruct): ThriftStruct | undefined {
  const logical = element.get(schemaElement.logicalType)?.value;
  return logical instanceof Map ? logical : undefined;
}
