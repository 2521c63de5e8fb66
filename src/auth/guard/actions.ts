import type { Right } from "../../producer/index.ts";

/** Actions of Flight and Flight SQL that change no data: they end queries, manage sessions, or prepare statements. */
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

/** Actions of Flight SQL that are part of changes to data. */
const writing = new Set(["BeginSavepoint", "BeginTransaction", "EndSavepoint", "EndTransaction"]);

/**
 * Returns the rights on all data that an action other than `drop_dataset` needs. An unknown action might do anything.
 */
export function rightsOfAction(type: string): readonly Right[] {
  if (reading.has(type)) return ["read"];
  return writing.has(type) ? ["read", "replace"] : ["read", "replace", "drop"];
}
