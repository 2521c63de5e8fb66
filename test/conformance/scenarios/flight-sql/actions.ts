import { fromBinary } from "@bufbuild/protobuf";
import { FlightInfoSchema } from "../../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import {
  ActionBeginSavepointResultSchema,
  ActionBeginTransactionResultSchema,
  ActionCancelQueryResult_CancelResult as CancelResult,
  ActionCancelQueryResultSchema,
  ActionCreatePreparedStatementResultSchema,
  ActionEndSavepointRequest_EndSavepoint as EndSavepoint,
  ActionEndTransactionRequest_EndTransaction as EndTransaction,
} from "../../gen/arrow/flight/protocol/sql/flight_sql_pb.ts";
import { fromUtf8, utf8 } from "../arrow.ts";
import { pack, unknown, unpackCommand, unpackRequest } from "./messages.ts";
import { handleOf, transactionId } from "./statement-handle.ts";

const savepoint = { name: "savepoint_name", id: "savepoint_id" };

/** Runs an action on transactions, savepoints or statements; gives its result, or none. */
export function runAction(body: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const request = unpackRequest(body);
  switch (request.$typeName) {
    case "arrow.flight.protocol.sql.ActionCreatePreparedStatementRequest":
    case "arrow.flight.protocol.sql.ActionCreatePreparedSubstraitPlanRequest": {
      const preparedStatementHandle = utf8(handleOf(request));
      return [pack(ActionCreatePreparedStatementResultSchema, { preparedStatementHandle })];
    }
    case "arrow.flight.protocol.sql.ActionClosePreparedStatementRequest":
      if (request.preparedStatementHandle.byteLength === 0) throw unknown("statement without a handle");
      return [];
    case "arrow.flight.protocol.sql.ActionBeginTransactionRequest":
      return [pack(ActionBeginTransactionResultSchema, { transactionId: utf8(transactionId) })];
    case "arrow.flight.protocol.sql.ActionEndTransactionRequest":
      assertSame(request.transactionId, transactionId);
      if (request.action === EndTransaction.UNSPECIFIED) throw unknown("such end");
      return [];
    case "arrow.flight.protocol.sql.ActionBeginSavepointRequest":
      assertSame(request.transactionId, transactionId);
      assertSame(utf8(request.name), savepoint.name);
      return [pack(ActionBeginSavepointResultSchema, { savepointId: utf8(savepoint.id) })];
    case "arrow.flight.protocol.sql.ActionEndSavepointRequest":
      assertSame(request.savepointId, savepoint.id);
      if (request.action === EndSavepoint.UNSPECIFIED) throw unknown("such end");
      return [];
    case "arrow.flight.protocol.sql.ActionCancelQueryRequest": {
      const ticket = unpackCommand(fromBinary(FlightInfoSchema, request.info).endpoint[0]?.ticket?.ticket);
      if (ticket.$typeName !== "arrow.flight.protocol.sql.TicketStatementQuery") throw unknown("such query");
      assertSame(ticket.statementHandle, "plan version");
      return [pack(ActionCancelQueryResultSchema, { result: CancelResult.CANCELLED })];
    }
  }
}

function assertSame(actual: Uint8Array, expected: string): void {
  if (fromUtf8(actual) !== expected) throw unknown(`${fromUtf8(actual)}, only ${expected}`);
}
