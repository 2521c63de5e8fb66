import {
  create,
  createRegistry,
  type DescMessage,
  fromBinary,
  type Message,
  type MessageInitShape,
  toBinary,
} from "@bufbuild/protobuf";
import { AnySchema, anyPack, anyUnpack } from "@bufbuild/protobuf/wkt";
import { FlightError } from "../../../../src/flight/index.ts";
import {
  file_arrow_flight_protocol_sql_flight_sql as messages,
  type ActionBeginSavepointRequest,
  type ActionBeginTransactionRequest,
  type ActionCancelQueryRequest,
  type ActionClosePreparedStatementRequest,
  type ActionCreatePreparedStatementRequest,
  type ActionCreatePreparedSubstraitPlanRequest,
  type ActionEndSavepointRequest,
  type ActionEndTransactionRequest,
  type CommandGetCatalogs,
  type CommandGetCrossReference,
  type CommandGetDbSchemas,
  type CommandGetExportedKeys,
  type CommandGetImportedKeys,
  type CommandGetPrimaryKeys,
  type CommandGetSqlInfo,
  type CommandGetTableTypes,
  type CommandGetTables,
  type CommandGetXdbcTypeInfo,
  type CommandPreparedStatementQuery,
  type CommandPreparedStatementUpdate,
  type CommandStatementIngest,
  type CommandStatementQuery,
  type CommandStatementSubstraitPlan,
  type CommandStatementUpdate,
  type TicketStatementQuery,
} from "../../gen/arrow/flight/protocol/sql/flight_sql_pb.ts";

/** What a descriptor or a ticket asks for. */
export type Command =
  | CommandGetCatalogs
  | CommandGetCrossReference
  | CommandGetDbSchemas
  | CommandGetExportedKeys
  | CommandGetImportedKeys
  | CommandGetPrimaryKeys
  | CommandGetSqlInfo
  | CommandGetTableTypes
  | CommandGetTables
  | CommandGetXdbcTypeInfo
  | CommandPreparedStatementQuery
  | CommandPreparedStatementUpdate
  | CommandStatementIngest
  | CommandStatementQuery
  | CommandStatementSubstraitPlan
  | CommandStatementUpdate
  | TicketStatementQuery;

/** What an action asks for. */
export type Request =
  | ActionBeginSavepointRequest
  | ActionBeginTransactionRequest
  | ActionCancelQueryRequest
  | ActionClosePreparedStatementRequest
  | ActionCreatePreparedStatementRequest
  | ActionCreatePreparedSubstraitPlanRequest
  | ActionEndSavepointRequest
  | ActionEndTransactionRequest;

const registry = createRegistry(messages);

/** Reads what a descriptor or a ticket asks for; without bytes there is nothing that is asked for. */
export function unpackCommand(bytes: Uint8Array | undefined): Command {
  return unpack(bytes) as Command;
}

/** Reads what an action asks for. */
export function unpackRequest(bytes: Uint8Array): Request {
  return unpack(bytes) as Request;
}

/** Writes a message as a ticket or an action's result holds it. */
export function pack<T extends DescMessage>(schema: T, init: MessageInitShape<T>): Uint8Array<ArrayBuffer> {
  return toBinary(AnySchema, anyPack(schema, create(schema, init)));
}

/** Says that a server of this scenario does not know what it was asked. */
export function unknown(what: string): FlightError {
  return new FlightError("invalid_argument", `this scenario has no ${what}`);
}

function unpack(bytes: Uint8Array = new Uint8Array(0)): Message {
  const any = fromBinary(AnySchema, bytes);
  const message = anyUnpack(any, registry);
  if (message === undefined) throw unknown(`message of type ${any.typeUrl}`);
  return message;
}
