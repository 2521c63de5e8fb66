import { toBinary } from "@bufbuild/protobuf";
import { Table, type Schema } from "apache-arrow";
import { expect } from "vitest";
import { createCommandDescriptor } from "../../../src/flight/index.ts";
import { decodeBatches } from "../../../src/client/index.ts";
import { FlightInfoSchema } from "../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import {
  ActionBeginSavepointRequestSchema,
  ActionBeginSavepointResultSchema,
  ActionBeginTransactionRequestSchema,
  ActionBeginTransactionResultSchema,
  ActionCancelQueryRequestSchema,
  ActionCancelQueryResult_CancelResult as CancelResult,
  ActionCancelQueryResultSchema,
  ActionEndSavepointRequest_EndSavepoint as EndSavepoint,
  ActionEndSavepointRequestSchema,
  ActionEndTransactionRequest_EndTransaction as EndTransaction,
  ActionEndTransactionRequestSchema,
  CommandGetSqlInfoSchema,
  CommandStatementQuerySchema,
  CommandStatementSubstraitPlanSchema,
  CommandStatementUpdateSchema,
} from "../gen/arrow/flight/protocol/sql/flight_sql_pb.ts";
import { fromUtf8, utf8 } from "../scenarios/arrow.ts";
import { pack } from "../scenarios/flight-sql/messages.ts";
import * as schemas from "../scenarios/flight-sql/schemas.ts";
import { collect, expectSchema, type ClientSteps } from "./checks.ts";
import { parameters } from "./flight-sql.ts";
import { SqlSteps } from "./sql-client.ts";

const substrait = { plan: { plan: utf8("plan"), version: "version" } };

/** What the server says of itself, by the codes of SqlInfo. */
const sqlInfo = { 4: false, 5: true, 6: "min_version", 7: "max_version", 8: 2, 9: true, 100: 42, 101: 7 };

/** Substrait, cancelling, transactions and savepoints. */
export const flightSqlExtension: ClientSteps = async ({ flight }) => {
  const sql = new SqlSteps(flight);
  await expectSqlInfo(sql);
  const info = await sql.query(CommandStatementSubstraitPlanSchema, substrait, schemas.queryResult);
  await sql.schema(CommandStatementSubstraitPlanSchema, substrait, schemas.queryResult);
  const cancelled = await sql.ask(
    { type: "CancelQuery", request: ActionCancelQueryRequestSchema, result: ActionCancelQueryResultSchema },
    { info: toBinary(FlightInfoSchema, info) },
  );
  expect(cancelled.result).toBe(CancelResult.CANCELLED);
  expect(await sql.update(CommandStatementSubstraitPlanSchema, substrait)).toBe(10_000n);
  await sql.prepareAndQuery(substrait, parameters(), schemas.queryResult);
  expect(await sql.prepareAndUpdate(substrait)).toBe(20_000n);
  await expectTransactions(sql);
};

async function expectSqlInfo({ flight }: SqlSteps): Promise<void> {
  const command = pack(CommandGetSqlInfoSchema, { info: Object.keys(sqlInfo).map(Number) });
  const { endpoint } = await flight.getFlightInfo(createCommandDescriptor(command));
  let schema: Schema | undefined;
  const batches = await collect(decodeBatches(flight.doGet(endpoint[0]!.ticket!), (found) => (schema = found)));
  expectSchema(schema, schemas.sqlInfo);
  const rows = [...new Table(batches)].map((row) => row.toJSON());
  expect(rows).toHaveLength(Object.keys(sqlInfo).length);
  expect(Object.fromEntries(rows.map(({ info_name, value }) => [info_name, value]))).toEqual(sqlInfo);
}

async function expectTransactions(sql: SqlSteps): Promise<void> {
  const transactionId = await begin(sql);
  const savepointId = await beginSavepoint(sql, transactionId);
  const statement = { query: "SELECT STATEMENT", transactionId };
  const plan = { ...substrait, transactionId };
  await sql.query(CommandStatementQuerySchema, statement, schemas.transactionResult);
  await sql.query(CommandStatementSubstraitPlanSchema, plan, schemas.transactionResult);
  await sql.schema(CommandStatementQuerySchema, statement, schemas.transactionResult);
  await sql.schema(CommandStatementSubstraitPlanSchema, plan, schemas.transactionResult);
  const update = { query: "UPDATE STATEMENT", transactionId };
  expect(await sql.update(CommandStatementUpdateSchema, update)).toBe(15_000n);
  expect(await sql.update(CommandStatementSubstraitPlanSchema, plan)).toBe(15_000n);
  const prepared = { query: "SELECT PREPARED STATEMENT", transactionId };
  await sql.prepareAndQuery(prepared, parameters(), schemas.transactionResult);
  await sql.prepareAndQuery(plan, parameters(), schemas.transactionResult);
  expect(await sql.prepareAndUpdate({ query: "UPDATE PREPARED STATEMENT", transactionId })).toBe(25_000n);
  expect(await sql.prepareAndUpdate(plan)).toBe(25_000n);
  await endSavepoint(sql, savepointId, EndSavepoint.ROLLBACK);
  await endSavepoint(sql, await beginSavepoint(sql, transactionId), EndSavepoint.RELEASE);
  await end(sql, transactionId, EndTransaction.COMMIT);
  await end(sql, await begin(sql), EndTransaction.ROLLBACK);
}

async function begin(sql: SqlSteps): Promise<Uint8Array> {
  const [request, result] = [ActionBeginTransactionRequestSchema, ActionBeginTransactionResultSchema] as const;
  const { transactionId } = await sql.ask({ type: "BeginTransaction", request, result }, {});
  expect(fromUtf8(transactionId)).toBe("transaction_id");
  return transactionId;
}

async function end(sql: SqlSteps, transactionId: Uint8Array, action: EndTransaction): Promise<void> {
  await sql.act("EndTransaction", ActionEndTransactionRequestSchema, { transactionId, action });
}

async function beginSavepoint(sql: SqlSteps, transactionId: Uint8Array): Promise<Uint8Array> {
  const [request, result] = [ActionBeginSavepointRequestSchema, ActionBeginSavepointResultSchema] as const;
  const { savepointId } = await sql.ask(
    { type: "BeginSavepoint", request, result },
    { transactionId, name: "savepoint_name" },
  );
  expect(fromUtf8(savepointId)).toBe("savepoint_id");
  return savepointId;
}

async function endSavepoint(sql: SqlSteps, savepointId: Uint8Array, action: EndSavepoint): Promise<void> {
  await sql.act("EndSavepoint", ActionEndSavepointRequestSchema, { savepointId, action });
}
