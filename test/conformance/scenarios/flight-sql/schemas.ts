import {
  Binary,
  Bool,
  DenseUnion,
  Field,
  Int32,
  Int64,
  List,
  Map_,
  Schema,
  Struct,
  Uint32,
  Uint8,
  Utf8,
  type DataType,
} from "apache-arrow";

// The results of the metadata commands have the schemas that the specification of Flight SQL gives them.

const required = (name: string, type: DataType): Field => new Field(name, type, false);
const optional = (name: string, type: DataType): Field => new Field(name, type, true);

/** The result of GetCatalogs. */
export const catalogs = new Schema([required("catalog_name", new Utf8())]);

/** The result of GetDbSchemas. */
export const dbSchemas = new Schema([optional("catalog_name", new Utf8()), required("db_schema_name", new Utf8())]);

/** The result of GetTables. */
export const tables = new Schema([
  optional("catalog_name", new Utf8()),
  optional("db_schema_name", new Utf8()),
  required("table_name", new Utf8()),
  required("table_type", new Utf8()),
]);

/** The result of GetTables with the tables' own schemas. */
export const tablesWithSchema = new Schema([...tables.fields, required("table_schema", new Binary())]);

/** The result of GetTableTypes. */
export const tableTypes = new Schema([required("table_type", new Utf8())]);

/** The result of GetPrimaryKeys. */
export const primaryKeys = new Schema([
  optional("catalog_name", new Utf8()),
  optional("db_schema_name", new Utf8()),
  required("table_name", new Utf8()),
  required("column_name", new Utf8()),
  required("key_sequence", new Int32()),
  optional("key_name", new Utf8()),
]);

/** The result of GetExportedKeys, GetImportedKeys and GetCrossReference. */
export const foreignKeys = new Schema([
  optional("pk_catalog_name", new Utf8()),
  optional("pk_db_schema_name", new Utf8()),
  required("pk_table_name", new Utf8()),
  required("pk_column_name", new Utf8()),
  optional("fk_catalog_name", new Utf8()),
  optional("fk_db_schema_name", new Utf8()),
  required("fk_table_name", new Utf8()),
  required("fk_column_name", new Utf8()),
  required("key_sequence", new Int32()),
  optional("fk_key_name", new Utf8()),
  optional("pk_key_name", new Utf8()),
  required("update_rule", new Uint8()),
  required("delete_rule", new Uint8()),
]);

/** The result of GetXdbcTypeInfo. */
export const xdbcTypeInfo = new Schema([
  required("type_name", new Utf8()),
  required("data_type", new Int32()),
  optional("column_size", new Int32()),
  optional("literal_prefix", new Utf8()),
  optional("literal_suffix", new Utf8()),
  optional("create_params", new List(required("item", new Utf8()))),
  required("nullable", new Int32()),
  required("case_sensitive", new Bool()),
  required("searchable", new Int32()),
  optional("unsigned_attribute", new Bool()),
  required("fixed_prec_scale", new Bool()),
  optional("auto_increment", new Bool()),
  optional("local_type_name", new Utf8()),
  optional("minimum_scale", new Int32()),
  optional("maximum_scale", new Int32()),
  required("sql_data_type", new Int32()),
  optional("datetime_subcode", new Int32()),
  optional("num_prec_radix", new Int32()),
  optional("interval_precision", new Int32()),
]);

const int32List = new List(optional("item", new Int32()));

/** A value that GetSqlInfo tells: which child has it says its type. */
export const sqlInfoValue = new DenseUnion(
  [0, 1, 2, 3, 4, 5],
  [
    required("string_value", new Utf8()),
    required("bool_value", new Bool()),
    required("bigint_value", new Int64()),
    required("int32_bitmask", new Int32()),
    required("string_list", new List(optional("item", new Utf8()))),
    required(
      "int32_to_int32_list_map",
      new Map_(
        required(
          "entries",
          new Struct<{ key: Int32; value: List<Int32> }>([required("key", new Int32()), optional("value", int32List)]),
        ),
      ),
    ),
  ],
);

/** The result of GetSqlInfo. */
export const sqlInfo = new Schema([required("info_name", new Uint32()), required("value", sqlInfoValue)]);

/** What a result's column is in the database, as Flight SQL tells it in the field's metadata. */
const columnMetadata = new Map([
  ["ARROW:FLIGHT:SQL:CATALOG_NAME", "catalog_test"],
  ["ARROW:FLIGHT:SQL:SCHEMA_NAME", "schema_test"],
  ["ARROW:FLIGHT:SQL:TABLE_NAME", "test"],
  ["ARROW:FLIGHT:SQL:TYPE_NAME", "type_test"],
  ["ARROW:FLIGHT:SQL:PRECISION", "100"],
  ["ARROW:FLIGHT:SQL:IS_AUTO_INCREMENT", "1"],
  ["ARROW:FLIGHT:SQL:IS_CASE_SENSITIVE", "0"],
  ["ARROW:FLIGHT:SQL:IS_SEARCHABLE", "1"],
  ["ARROW:FLIGHT:SQL:REMARKS", "test column"],
]);

/** The result of every query outside of a transaction, and the parameters of what is prepared. */
export const queryResult = new Schema([new Field("id", new Int64(), true, columnMetadata)]);

/** The result of every query in a transaction. */
export const transactionResult = new Schema([new Field("pkey", new Int32(), true, columnMetadata)]);
