import { create, toBinary } from "@bufbuild/protobuf";
import { anyPack, AnySchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { createCommandDescriptor, createFrame } from "../../../src/flight/index.ts";
import {
  ActionSchema,
  FlightDescriptorSchema,
  TicketSchema,
} from "../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { CommandStatementQuerySchema } from "../../../src/gen/arrow/flight/protocol/sql/flight_sql_pb.ts";
import { createMemoryProducer } from "../../../src/producer/index.ts";
import { createTestContext } from "../../contract/call-context.ts";
import { collect } from "../../contract/calls.ts";

const anyOf = (typeUrl: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(toBinary(AnySchema, create(AnySchema, { typeUrl, value: Uint8Array.of(10, 1, 65) })));
const packed = anyPack(CommandStatementQuerySchema, create(CommandStatementQuerySchema, { query: "SELECT 1" }));
const prefix = "type.googleapis.com/arrow.flight.protocol.sql.";
const commands: [string, Uint8Array<ArrayBuffer>][] = [
  ["CommandStatementQuery", new Uint8Array(toBinary(AnySchema, packed))],
  ["CommandStatementUpdate", anyOf(`${prefix}CommandStatementUpdate`)],
  ["CommandGetTables", anyOf(`${prefix}CommandGetTables`)],
  ["TicketStatementQuery", anyOf(`${prefix}TicketStatementQuery`)],
  ["one without a host", anyOf("arrow.flight.protocol.sql.CommandGetSqlInfo")],
];

const context = createTestContext();
const producer = createMemoryProducer();
const none = { code: "unimplemented", message: "this server does not support Flight SQL" };

describe("a producer of datasets has no Flight SQL, and says so", () => {
  test.each(commands)("for %s as a descriptor, a put, a ticket and an action's body", async (_what, cmd) => {
    const descriptor = createCommandDescriptor(cmd);
    await expect(producer.getFlightInfo!(context, descriptor)).rejects.toMatchObject(none);
    await expect(producer.getSchema!(context, descriptor)).rejects.toMatchObject(none);
    await expect(producer.pollFlightInfo!(context, descriptor)).rejects.toMatchObject(none);
    const untyped = create(FlightDescriptorSchema, { cmd });
    await expect(producer.getFlightInfo!(context, untyped)).rejects.toMatchObject(none);
    async function* update() {
      yield createFrame({ descriptor });
    }
    await expect(collect(producer.doPut!(context, update()))).rejects.toMatchObject(none);
    const ticket = create(TicketSchema, { ticket: cmd });
    await expect(collect(producer.doGet!(context, ticket))).rejects.toMatchObject(none);
    const action = create(ActionSchema, { type: "OfAnyName", body: cmd });
    await expect(collect(producer.doAction!(context, action))).rejects.toMatchObject(none);
  });

  test.each(["CreatePreparedStatement", "ClosePreparedStatement", "BeginTransaction", "CancelQuery"])(
    "for the action %s without a body",
    async (type) => {
      await expect(collect(producer.doAction!(context, create(ActionSchema, { type })))).rejects.toMatchObject(none);
    },
  );

  test("and nothing else is taken for it", async () => {
    for (const cmd of [anyOf("type.googleapis.com/other.Thing"), Uint8Array.of(10, 255), Uint8Array.of()]) {
      const asked = producer.getFlightInfo!(context, createCommandDescriptor(cmd));
      await expect(asked).rejects.not.toMatchObject({ message: none.message });
    }
  });

  test("a descriptor of no type is told which types there are", async () => {
    const message = "the descriptor's type is UNKNOWN, the default; it must be PATH or CMD";
    const asked = producer.getFlightInfo!(context, create(FlightDescriptorSchema));
    await expect(asked).rejects.toMatchObject({ code: "invalid_argument", message });
  });
});
