import type { DescMessage } from "@bufbuild/protobuf";
import { Field, Int64, makeData, RecordBatch, Schema, Struct, Table, vectorFromArray } from "apache-arrow";
import { expect } from "vitest";
import {
  CommandGetCatalogsSchema,
  CommandGetCrossReferenceSchema,
  CommandGetDbSchemasSchema,
  CommandGetExportedKeysSchema,
  CommandGetImportedKeysSchema,
  CommandGetPrimaryKeysSchema,
  CommandGetSqlInfoSchema,
  CommandGetTablesSchema,
  CommandGetTableTypesSchema,
  CommandGetXdbcTypeInfoSchema,
  CommandStatementIngest_TableDefinitionOptions_TableExistsOption as IfExists,
  CommandStatementIngest_TableDefinitionOptions_TableNotExistOption as IfNotExist,
  CommandStatementIngestSchema,
  CommandStatementQuerySchema,
  CommandStatementUpdateSchema,
} from "../gen/arrow/flight/protocol/sql/flight_sql_pb.ts";
import { utf8 } from "../scenarios/arrow.ts";
import * as schemas from "../scenarios/flight-sql/schemas.ts";
import type { ClientSteps } from "./checks.ts";
import { SqlSteps } from "./sql-client.ts";

/** The database tells of itself, and runs, updates and prepares statements. */
export const flightSql: ClientSteps = async ({ flight }) => {
  const sql = new SqlSteps(flight);
  await expectMetadata(sql);
  const query = "SELECT STATEMENT";
  await sql.query(CommandStatementQuerySchema, { query }, schemas.queryResult);
  await sql.schema(CommandStatementQuerySchema, { query }, schemas.queryResult);
  expect(await sql.update(CommandStatementUpdateSchema, { query: "UPDATE STATEMENT" })).toBe(10_000n);
  await sql.prepareAndQuery({ query: "SELECT PREPARED STATEMENT" }, parameters(), schemas.queryResult);
  expect(await sql.prepareAndUpdate({ query: "UPDATE PREPARED STATEMENT" })).toBe(20_000n);
};

/** Three rows are put into a table. */
export const flightSqlIngestion: ClientSteps = async ({ flight }) => {
  const command = {
    tableDefinitionOptions: { ifNotExist: IfNotExist.CREATE, ifExists: IfExists.REPLACE },
    table: "test_table",
    schema: "test_schema",
    catalog: "test_catalog",
    temporary: true,
    transactionId: utf8("123"),
    options: { key1: "val1", key2: "val2" },
  };
  const rows = tableOf(new Schema([new Field("test_field", new Int64(), true)]), [null, null, null]);
  expect(await new SqlSteps(flight).update(CommandStatementIngestSchema, command, rows)).toBe(3n);
};

/** The one row of parameters that is bound to a statement. */
export function parameters(): Table {
  return tableOf(schemas.queryResult, [1n]);
}

function tableOf(schema: Schema, values: readonly (bigint | null)[]): Table {
  const children = [vectorFromArray(values, new Int64()).data[0]!];
  const data = makeData({ type: new Struct(schema.fields), length: values.length, nullCount: 0, children });
  return new Table(schema, new RecordBatch(schema, data));
}

async function expectMetadata(sql: SqlSteps): Promise<void> {
  const table = { catalog: "catalog", dbSchema: "db_schema", table: "table" };
  const crossReference = {
    pkCatalog: "pk_catalog",
    pkDbSchema: "pk_db_schema",
    pkTable: "pk_table",
    fkCatalog: "fk_catalog",
    fkDbSchema: "fk_db_schema",
    fkTable: "fk_table",
  };
  const tables = {
    catalog: "catalog",
    dbSchemaFilterPattern: "db_schema_filter_pattern",
    tableNameFilterPattern: "table_filter_pattern",
    tableTypes: ["table", "view"],
    includeSchema: true,
  };
  const dbSchemas = { catalog: "catalog", dbSchemaFilterPattern: "db_schema_filter_pattern" };
  const asks: [DescMessage, Record<string, unknown>, Schema][] = [
    [CommandGetCatalogsSchema, {}, schemas.catalogs],
    [CommandGetDbSchemasSchema, dbSchemas, schemas.dbSchemas],
    [CommandGetTablesSchema, tables, schemas.tablesWithSchema],
    [CommandGetTableTypesSchema, {}, schemas.tableTypes],
    [CommandGetPrimaryKeysSchema, table, schemas.primaryKeys],
    [CommandGetExportedKeysSchema, table, schemas.foreignKeys],
    [CommandGetImportedKeysSchema, table, schemas.foreignKeys],
    [CommandGetCrossReferenceSchema, crossReference, schemas.foreignKeys],
    [CommandGetXdbcTypeInfoSchema, {}, schemas.xdbcTypeInfo],
    [CommandGetSqlInfoSchema, { info: [0, 3] }, schemas.sqlInfo],
  ];
  for (const [command, init, expected] of asks) {
    await sql.query(command, init, expected);
    await sql.schema(command, init, expected);
  }
}
