import { create, equals, toBinary } from "@bufbuild/protobuf";
import { decodeMessage, decodeSchema } from "../../../../src/arrow/index.ts";
import { type FlightFrame } from "../../../../src/flight/index.ts";
import {
  CommandStatementIngest_TableDefinitionOptions_TableExistsOption as IfExists,
  CommandStatementIngest_TableDefinitionOptions_TableNotExistOption as IfNotExist,
  CommandStatementIngestSchema,
  DoPutUpdateResultSchema,
} from "../../gen/arrow/flight/protocol/sql/flight_sql_pb.ts";
import { utf8 } from "../arrow.ts";
import type { Scenario } from "../scenario.ts";
import { unknown, unpackCommand } from "./messages.ts";

const expected = create(CommandStatementIngestSchema, {
  tableDefinitionOptions: { ifNotExist: IfNotExist.CREATE, ifExists: IfExists.REPLACE },
  table: "test_table",
  schema: "test_schema",
  catalog: "test_catalog",
  temporary: true,
  transactionId: utf8("123"),
  options: { key1: "val1", key2: "val2" },
});

/** Rows are put into a table; the answer is how many there were. */
export function flightSqlIngestion(): Scenario {
  return {
    producer: {
      async *doPut(_context, frames) {
        const result = create(DoPutUpdateResultSchema, { recordCount: BigInt(await countRows(frames)) });
        yield { appMetadata: toBinary(DoPutUpdateResultSchema, result) };
      },
    },
  };
}

async function countRows(frames: AsyncIterable<FlightFrame>): Promise<number> {
  let rowCount = 0;
  for await (const { descriptor, header } of frames) {
    if (descriptor !== undefined) {
      const command = unpackCommand(descriptor.cmd);
      const isExpected =
        command.$typeName === expected.$typeName && equals(CommandStatementIngestSchema, command, expected);
      if (!isExpected) throw unknown("such arguments");
    }
    const message = decodeMessage(header);
    if (message.kind === "record_batch") rowCount += message.layout.rowCount;
    if (message.kind === "schema" && decodeSchema(header).fields[0]?.name !== "test_field")
      throw unknown("such column");
  }
  return rowCount;
}
