import type { Right } from "../../producer/index.ts";

/** Actions of Flight and of Flight SQL that change no data: they end a query, keep a session, or prepare a statement. */
const reading = new Set([
  "CancelFlightInfo",
  "CancelQuery",
  "ClosePreparedStatement",
  "CloseSession",
  "CreatePreparedStatement",
  "CreatePreparedSubstraitPlan",
  "GetSessionOptions",
  "RenewFlightEndpoint",
  "SetSessionOptions",
]);

/** Actions of Flight SQL that belong to changes of data. */
const writing = new Set(["BeginSavepoint", "BeginTransaction", "EndSavepoint", "EndTransaction"]);

/** Returns the rights, on everything, that an action other than `drop_dataset` takes. One that is unknown may do anything. */
export function rightsOfAction(type: string): readonly Right[] {
  if (reading.has(type)) return ["read"];
  return writing.has(type) ? ["read", "replace"] : ["read", "replace", "drop"];
}
