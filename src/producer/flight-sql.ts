import { fromBinary } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { FlightError } from "../flight/index.ts";

const sqlTypeUrl = /(^|\/)arrow\.flight\.protocol\.sql\.\w+$/;

/** The first byte of an Any: the tag of its type. No JSON begins so, and a name that does is parsed in vain. */
const typeUrlTag = 0x0a;

/** The actions of Flight SQL, also where they come without a body. */
const sqlActions = new Set([
  "BeginSavepoint",
  "BeginTransaction",
  "CancelQuery",
  "ClosePreparedStatement",
  "CreatePreparedStatement",
  "CreatePreparedSubstraitPlan",
  "EndSavepoint",
  "EndTransaction",
]);

/**
 * Asserts that a request is not from a client of Flight SQL. Such a client gets a clear error: the server has no Flight SQL.
 *
 * @param bytes - a command, a ticket, or the body of an action
 * @throws FlightError UNIMPLEMENTED if `bytes` is a `google.protobuf.Any` of Flight SQL
 */
export function assertNoFlightSql(bytes: Uint8Array): void {
  if (bytes[0] === typeUrlTag && sqlTypeUrl.test(typeUrlOf(bytes))) throw noFlightSql();
}

/**
 * Asserts that an action is not one of Flight SQL, by its type or its body.
 *
 * @throws FlightError UNIMPLEMENTED
 */
export function assertNoFlightSqlAction({ type, body }: { readonly type: string; readonly body: Uint8Array }): void {
  if (sqlActions.has(type)) throw noFlightSql();
  assertNoFlightSql(body);
}

function typeUrlOf(bytes: Uint8Array): string {
  try {
    return fromBinary(AnySchema, bytes, { readUnknownFields: false }).typeUrl;
  } catch {
    return "";
  }
}

function noFlightSql(): FlightError {
  return new FlightError("unimplemented", "this server does not support Flight SQL");
}
