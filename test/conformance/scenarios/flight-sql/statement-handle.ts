import type {
  ActionCreatePreparedStatementRequest,
  ActionCreatePreparedSubstraitPlanRequest,
  CommandStatementQuery,
  CommandStatementSubstraitPlan,
  CommandStatementUpdate,
} from "../../gen/arrow/flight/protocol/sql/flight_sql_pb.ts";
import { fromUtf8 } from "../arrow.ts";
import { unknown } from "./messages.ts";

/** The one transaction that there is. */
export const transactionId = "transaction_id";

/** What is run or prepared. */
export type Statement =
  | ActionCreatePreparedStatementRequest
  | ActionCreatePreparedSubstraitPlanRequest
  | CommandStatementQuery
  | CommandStatementSubstraitPlan
  | CommandStatementUpdate;

/** The texts that the client sends, and its plan with the plan's version. */
const known = [
  "SELECT STATEMENT",
  "UPDATE STATEMENT",
  "SELECT PREPARED STATEMENT",
  "UPDATE PREPARED STATEMENT",
  "plan version",
];

/** A handle of a statement, which says all that a server without state needs to know of it. */
export function handleOf(statement: Statement): string {
  const text = "query" in statement ? statement.query : planOf(statement);
  if (!known.includes(text)) throw unknown(`statement ${text}`);
  const transaction = fromUtf8(statement.transactionId ?? new Uint8Array(0));
  if (transaction !== "" && transaction !== transactionId) throw unknown(`transaction ${transaction}`);
  return transaction === "" ? text : `${text} in ${transaction}`;
}

/** Whether a handle is of a statement in a transaction. */
export function isInTransaction(handle: string): boolean {
  return handle.endsWith(` in ${transactionId}`);
}

function planOf({ plan }: ActionCreatePreparedSubstraitPlanRequest | CommandStatementSubstraitPlan): string {
  return plan === undefined ? "" : `${fromUtf8(plan.plan)} ${plan.version}`;
}
