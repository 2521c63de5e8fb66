import { decimalType, fileMetaData, logicalType, schemaElement } from "./footer-fields.ts";
import { convertedTypeOf, isApplicable, logicalTypeOf, type LogicalType } from "./logical-types.ts";
import { thriftType, type ThriftStruct } from "./thrift.ts";
import { optionalInteger, structListField } from "./thrift-fields.ts";

/**
 * Settles what a footer says of its columns' types in two places, as pyarrow does: the logical type is believed, and not
 * the converted type, or the scale and the precision, beside it; and one that values of the column's physical type cannot
 * have is none. parquet-wasm refuses a file for each of these.
 *
 * @returns the same object where nothing contradicts itself
 */
export function settleTypes(footer: ThriftStruct): ThriftStruct {
  const own = structListField(footer, fileMetaData.schema);
  const elements = own.map(settleElement);
  if (elements.every((element, i) => element === own[i])) return footer;
  const value = { elementType: thriftType.struct, elements };
  return new Map(footer).set(fileMetaData.schema, { type: thriftType.list, value });
}

function settleElement(element: ThriftStruct): ThriftStruct {
  const logical = logicalTypeOf(element);
  if (logical === undefined) return element;
  const isLeaf = (optionalInteger(element, schemaElement.childCount) ?? 0n) === 0n;
  if (isLeaf && !isApplicable(logical, element)) return without(element, [schemaElement.logicalType, ...olderFields]);
  const converted = optionalInteger(element, schemaElement.convertedType);
  const isContradicted = converted !== undefined && converted !== convertedTypeOf(logical);
  const settled = isContradicted ? without(element, [schemaElement.convertedType]) : element;
  return logical.id === logicalType.decimal ? settleDecimal(settled, logical) : settled;
}

/** What older files say of a type. */
const olderFields = [schemaElement.convertedType, schemaElement.scale, schemaElement.precision];

function without(element: ThriftStruct, ids: readonly number[]): ThriftStruct {
  const rest = new Map(element);
  for (const id of ids) rest.delete(id);
  return rest;
}

function settleDecimal(element: ThriftStruct, { parameters }: LogicalType): ThriftStruct {
  const scale = optionalInteger(parameters, decimalType.scale) ?? 0n;
  const precision = optionalInteger(parameters, decimalType.precision) ?? 0n;
  const isSame = optionalInteger(element, schemaElement.scale) === scale;
  if (isSame && optionalInteger(element, schemaElement.precision) === precision) return element;
  return new Map(element)
    .set(schemaElement.scale, { type: thriftType.i32, value: scale })
    .set(schemaElement.precision, { type: thriftType.i32, value: precision });
}
