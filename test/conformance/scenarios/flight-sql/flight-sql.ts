import {
  create,
  equals,
  toBinary,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import type { Schema } from "apache-arrow";
import { decodeSchema, messageKind } from "../../../../src/arrow/index.ts";
import { type FlightFrame } from "../../../../src/flight/index.ts";
import type { FlightDescriptor } from "../../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import type { FlightProducer } from "../../../../src/producer/index.ts";
import {
  CommandGetCrossReferenceSchema,
  CommandGetDbSchemasSchema,
  CommandGetExportedKeysSchema,
  CommandGetImportedKeysSchema,
  CommandGetPrimaryKeysSchema,
  CommandGetTablesSchema,
  DoPutPreparedStatementResultSchema,
  DoPutUpdateResultSchema,
  TicketStatementQuerySchema,
} from "../../gen/arrow/flight/protocol/sql/flight_sql_pb.ts";
import { flightOf, fromUtf8, schemaFrame, schemaMessage, utf8 } from "../arrow.ts";
import type { Scenario } from "../scenario.ts";
import { runAction } from "./actions.ts";
import { pack, unknown, unpackCommand, type Command } from "./messages.ts";
import * as schemas from "./schemas.ts";
import { sqlInfoFrames } from "./sql-info.ts";
import { handleOf, isInTransaction, type Statement } from "./statement-handle.ts";

const table = { catalog: "catalog", dbSchema: "db_schema", table: "table" };

/** What the client asks for by arguments, in the one form in which it does: these must arrive as they were sent. */
const expected: ReadonlyMap<string, (command: Command) => boolean> = new Map([
  expect(CommandGetDbSchemasSchema, { catalog: "catalog", dbSchemaFilterPattern: "db_schema_filter_pattern" }),
  expect(CommandGetTablesSchema, {
    catalog: "catalog",
    dbSchemaFilterPattern: "db_schema_filter_pattern",
    tableNameFilterPattern: "table_filter_pattern",
    tableTypes: ["table", "view"],
    includeSchema: true,
  }),
  expect(CommandGetPrimaryKeysSchema, table),
  expect(CommandGetExportedKeysSchema, table),
  expect(CommandGetImportedKeysSchema, table),
  expect(CommandGetCrossReferenceSchema, {
    pkCatalog: "pk_catalog",
    pkDbSchema: "pk_db_schema",
    pkTable: "pk_table",
    fkCatalog: "fk_catalog",
    fkDbSchema: "fk_db_schema",
    fkTable: "fk_table",
  }),
]);

function expect<T extends DescMessage>(schema: T, init: MessageInitShape<T>): [string, (command: Command) => boolean] {
  const message = create(schema, init);
  return [schema.typeName, (command) => equals(schema, message, command as MessageShape<T>)];
}

/** A database without rows: it tells of itself, runs, prepares and updates, in transactions and outside. */
export function flightSql(): Scenario {
  return { producer: new FlightSqlProducer() };
}

class FlightSqlProducer implements FlightProducer {
  async getFlightInfo(_context: unknown, descriptor: FlightDescriptor) {
    const command = unpackCommand(descriptor.cmd);
    if (expected.get(command.$typeName)?.(command) === false) throw unknown("such arguments");
    const endpoint = [{ ticket: { ticket: ticketOf(command, descriptor) } }];
    return { ...flightOf(resultOf(command), descriptor), endpoint };
  }

  async getSchema(_context: unknown, descriptor: FlightDescriptor) {
    return { schema: schemaMessage(resultOf(unpackCommand(descriptor.cmd))) };
  }

  async *doGet(_context: unknown, { ticket }: { ticket: Uint8Array }) {
    const command = unpackCommand(ticket);
    if (command.$typeName === "arrow.flight.protocol.sql.CommandGetSqlInfo") yield* sqlInfoFrames(command.info);
    else yield schemaFrame(resultOf(command));
  }

  async *doPut(_context: unknown, frames: AsyncIterable<FlightFrame>) {
    let descriptor: FlightDescriptor | undefined;
    let parameters: string[] = [];
    for await (const frame of frames) {
      descriptor ??= frame.descriptor;
      if (messageKind(frame.header) === "schema")
        parameters = decodeSchema(frame.header).fields.map(({ name }) => name);
    }
    yield { appMetadata: update(unpackCommand(descriptor?.cmd), parameters) };
  }

  async *doAction(_context: unknown, { body }: { body: Uint8Array }) {
    for (const result of runAction(body)) yield { body: result };
  }
}

/** A query's ticket has a handle of it; everything else is asked for by the command itself. */
function ticketOf(command: Command, descriptor: FlightDescriptor): FlightDescriptor["cmd"] {
  switch (command.$typeName) {
    case "arrow.flight.protocol.sql.CommandStatementQuery":
    case "arrow.flight.protocol.sql.CommandStatementSubstraitPlan":
      return pack(TicketStatementQuerySchema, { statementHandle: utf8(handleOf(command)) });
    default:
      return descriptor.cmd;
  }
}

/** The schema of what a command gives. */
function resultOf(command: Command): Schema {
  const ofStatement = (handle: string): Schema =>
    isInTransaction(handle) ? schemas.transactionResult : schemas.queryResult;
  switch (command.$typeName) {
    case "arrow.flight.protocol.sql.CommandGetCatalogs":
      return schemas.catalogs;
    case "arrow.flight.protocol.sql.CommandGetDbSchemas":
      return schemas.dbSchemas;
    case "arrow.flight.protocol.sql.CommandGetTables":
      return command.includeSchema ? schemas.tablesWithSchema : schemas.tables;
    case "arrow.flight.protocol.sql.CommandGetTableTypes":
      return schemas.tableTypes;
    case "arrow.flight.protocol.sql.CommandGetPrimaryKeys":
      return schemas.primaryKeys;
    case "arrow.flight.protocol.sql.CommandGetExportedKeys":
    case "arrow.flight.protocol.sql.CommandGetImportedKeys":
    case "arrow.flight.protocol.sql.CommandGetCrossReference":
      return schemas.foreignKeys;
    case "arrow.flight.protocol.sql.CommandGetXdbcTypeInfo":
      return schemas.xdbcTypeInfo;
    case "arrow.flight.protocol.sql.CommandGetSqlInfo":
      return schemas.sqlInfo;
    case "arrow.flight.protocol.sql.CommandStatementQuery":
    case "arrow.flight.protocol.sql.CommandStatementSubstraitPlan":
      return ofStatement(handleOf(command));
    case "arrow.flight.protocol.sql.TicketStatementQuery":
      return ofStatement(fromUtf8(command.statementHandle));
    case "arrow.flight.protocol.sql.CommandPreparedStatementQuery":
      return ofStatement(fromUtf8(command.preparedStatementHandle));
    default:
      throw unknown(`result of ${command.$typeName}`);
  }
}

/** Runs what a put asks for; gives the PutResult's application metadata. */
function update(command: Command, parameters: readonly string[]): Uint8Array<ArrayBuffer> {
  const updated = (recordCount: bigint): Uint8Array<ArrayBuffer> =>
    toBinary(DoPutUpdateResultSchema, create(DoPutUpdateResultSchema, { recordCount }));
  const direct = (statement: Statement): Uint8Array<ArrayBuffer> =>
    updated(isInTransaction(handleOf(statement)) ? 15_000n : 10_000n);
  switch (command.$typeName) {
    case "arrow.flight.protocol.sql.CommandStatementUpdate":
    case "arrow.flight.protocol.sql.CommandStatementSubstraitPlan":
      return direct(command);
    case "arrow.flight.protocol.sql.CommandPreparedStatementUpdate":
      return updated(isInTransaction(fromUtf8(command.preparedStatementHandle)) ? 25_000n : 20_000n);
    case "arrow.flight.protocol.sql.CommandPreparedStatementQuery": {
      if (parameters.join() !== "id") throw unknown(`statement with the parameters ${parameters.join()}`);
      const { preparedStatementHandle } = command;
      const result = create(DoPutPreparedStatementResultSchema, { preparedStatementHandle });
      return toBinary(DoPutPreparedStatementResultSchema, result);
    }
    default:
      throw unknown(`update by ${command.$typeName}`);
  }
}
