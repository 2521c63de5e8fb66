import type { DataType, Field, Schema } from "../../arrow/index.ts";

/*
 * The conversion of columns for storage. Parquet has no seconds and no dates in milliseconds, so they are stored in
 * other units, as in pyarrow's writer. The Arrow schema of the file has the original types, and reading restores them.
 * Dictionaries of fixed-width bytes are stored as plain values, because such files cannot be read back.
 */

/** Returns the schema of the stored columns. It is the same object if nothing changes. */
export function toStoredSchema(schema: Schema): Schema {
  return mapSchema(schema, (field) => toStoredField(field, toStoredType));
}

/**
 * Returns the Arrow schema that is stored in the file and used for reading. It is the same object if nothing changes.
 */
export function toDeclaredSchema(schema: Schema): Schema {
  return mapSchema(schema, (field) => toStoredField(field, (type) => type));
}

/**
 * A schema whose dictionaries have indices of a type that all their values fit into, and one more: readers of
 * Parquet (parquet-wasm among them) refuse a dictionary of 128 values with indices of eight bits. The same object
 * where they fit already.
 */
export function widenIndices(schema: Schema, valueCountMax: (dictionaryId: bigint) => number): Schema {
  return mapSchema(schema, (field) => widenField(field, valueCountMax));
}

/** The type that is stored as this one in another unit: the inverse of `toStoredType`. */
export function fromStoredType(type: DataType): DataType {
  if (type.kind === "date") return { kind: "date", unit: "ms" };
  return type.kind === "time" || type.kind === "timestamp" ? { ...type, unit: "s" } : type;
}

/** The type that a type of its own is stored as: the same object where they are equal. */
export function toStoredType(type: DataType): DataType {
  if (type.kind === "date" && type.unit === "ms") return { kind: "date", unit: "day" };
  if ((type.kind === "time" || type.kind === "timestamp") && type.unit === "s") return { ...type, unit: "ms" };
  return type;
}

/** Whether a dictionary of such values is given up, and the values themselves are stored. */
export function isStoredPlain(valueType: DataType): boolean {
  return plainKinds.has(valueType.kind);
}

/** All that has a dictionary besides strings and bytes: Arrow's readers make dictionaries of these alone. */
const plainKinds: ReadonlySet<DataType["kind"]> = new Set([
  "null",
  "bool",
  "int",
  "float",
  "decimal",
  "date",
  "time",
  "timestamp",
  "duration",
  "fixed_size_binary",
]);

/** Converts fields. Returns the same array if nothing changes. */
export function mapFields(fields: readonly Field[], map: (field: Field) => Field): readonly Field[] {
  const stored = fields.map(map);
  return stored.every((field, i) => field === fields[i]) ? fields : stored;
}

function mapSchema(schema: Schema, map: (field: Field) => Field): Schema {
  const fields = mapFields(schema.fields, map);
  return fields === schema.fields ? schema : { ...schema, fields };
}

function toStoredField(field: Field, mapType: (type: DataType) => DataType): Field {
  const type = mapType(field.type);
  const children = mapFields(field.children, (child) => toStoredField(child, mapType));
  const stored = type === field.type && children === field.children ? field : { ...field, type, children };
  return withoutPlainDictionary(stored);
}

/** Returns a field without its dictionary, if the dictionary is not stored; otherwise the same object. */
export function withoutPlainDictionary(field: Field): Field {
  const { dictionary, ...plain } = field;
  return dictionary !== undefined && isStoredPlain(field.type) ? plain : field;
}

function widenField(field: Field, valueCountMax: (dictionaryId: bigint) => number): Field {
  const children = mapFields(field.children, (child) => widenField(child, valueCountMax));
  const { dictionary } = field;
  if (dictionary) {
    const { bitWidth, signed } = dictionary.indexType;
    const count = valueCountMax(dictionary.id);
    const wide = [8, 16, 32, 64].find((bits) => bits >= bitWidth && count < 2 ** (signed ? bits - 1 : bits))!;
    if (wide !== bitWidth) {
      return { ...field, dictionary: { ...dictionary, indexType: { kind: "int", bitWidth: wide, signed } } };
    }
  }
  return children === field.children ? field : { ...field, children };
}
