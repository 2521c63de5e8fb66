import type { DataType, Field, Schema } from "../flight/index.ts";

/*
 * What columns become on their way into a file. Parquet has no seconds and no dates in milliseconds; a dictionary
 * of what it keeps in bytes of fixed width can be written, and then not be read. pyarrow's writer makes the same
 * of them, and as the file says so itself, every reader and every door declares one and the same type.
 */

/** The schema that a file has where this one is put: the same object where they are equal. */
export function toStoredSchema(schema: Schema): Schema {
  const fields = mapFields(schema.fields);
  return fields === schema.fields ? schema : { ...schema, fields };
}

/** The type that a type of its own is stored as: the same object where they are equal. */
export function toStoredType(type: DataType): DataType {
  if (type.kind === "date" && type.unit === "ms") return { kind: "date", unit: "day" };
  if ((type.kind === "time" || type.kind === "timestamp") && type.unit === "s") return { ...type, unit: "ms" };
  return type;
}

/** Whether a dictionary of such values is given up, and the values themselves are stored. */
export function isStoredPlain(valueType: DataType): boolean {
  switch (valueType.kind) {
    case "null":
    case "bool":
    case "fixed_size_binary":
      return true;
    case "float":
      return valueType.bitWidth === 16;
    case "decimal":
      return valueType.bitWidth > 128 || valueType.precision > decimalDigitsOfInt64;
    default:
      return false;
  }
}

/** Decimals of more digits are kept in bytes. Source: the Parquet format's LogicalTypes, DECIMAL. */
const decimalDigitsOfInt64 = 18;

function mapFields(fields: readonly Field[]): readonly Field[] {
  const stored = fields.map(toStoredField);
  return stored.every((field, i) => field === fields[i]) ? fields : stored;
}

function toStoredField(field: Field): Field {
  const type = toStoredType(field.type);
  const children = mapFields(field.children);
  if (field.dictionary && isStoredPlain(field.type)) {
    const { name, metadata } = field;
    // A dictionary may hold a null of its own, which the indices do not show.
    return { name, nullable: true, type, children, metadata };
  }
  return type === field.type && children === field.children ? field : { ...field, type, children };
}
