import { fromBinary, type DescMessage, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import { AnySchema, anyUnpack } from "@bufbuild/protobuf/wkt";
import type { Schema } from "apache-arrow";
import { decodeSchemaMessage } from "../../../src/arrow/index.ts";
import { createCommandDescriptor, createFrame, type FlightFrame } from "../../../src/flight/index.ts";
import {
  decodeBatches,
  toArrowSchema,
  toFrames,
  type FlightClient,
  type TableData,
} from "../../../src/client/index.ts";
import type { FlightInfo } from "../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import {
  CommandPreparedStatementQuerySchema,
  CommandPreparedStatementUpdateSchema,
  DoPutPreparedStatementResultSchema,
  DoPutUpdateResultSchema,
  ActionClosePreparedStatementRequestSchema,
  ActionCreatePreparedStatementRequestSchema,
  ActionCreatePreparedStatementResultSchema,
  ActionCreatePreparedSubstraitPlanRequestSchema,
} from "../gen/arrow/flight/protocol/sql/flight_sql_pb.ts";
import { pack } from "../scenarios/flight-sql/messages.ts";
import { collect, expectSchema } from "./checks.ts";

type Init<T extends DescMessage> = MessageInitShape<T>;

/** What is prepared: SQL, or a plan of Substrait. */
export type Preparable =
  Init<typeof ActionCreatePreparedStatementRequestSchema> | Init<typeof ActionCreatePreparedSubstraitPlanRequestSchema>;

/** Calls of Flight SQL by `client.flight`, as far as the scenarios need them. */
export class SqlSteps {
  readonly flight: FlightClient;

  constructor(flight: FlightClient) {
    this.flight = flight;
  }

  /** Runs a command and reads all of its result. */
  async query<T extends DescMessage>(command: T, init: Init<T>, expected: Schema): Promise<FlightInfo> {
    const info = await this.flight.getFlightInfo(createCommandDescriptor(pack(command, init)));
    let schema: Schema | undefined;
    await collect(decodeBatches(this.flight.doGet(info.endpoint[0]!.ticket!), (found) => (schema = found)));
    expectSchema(schema, expected);
    return info;
  }

  /** Asks for the schema of a command's result. */
  async schema<T extends DescMessage>(command: T, init: Init<T>, expected: Schema): Promise<void> {
    const { schema } = await this.flight.getSchema(createCommandDescriptor(pack(command, init)));
    expectSchema(toArrowSchema(decodeSchemaMessage(schema)), expected);
  }

  /** Runs a command that changes rows; gives how many. */
  async update<T extends DescMessage>(command: T, init: Init<T>, data?: TableData): Promise<bigint> {
    const [answer] = await this.#put(pack(command, init), data);
    return fromBinary(DoPutUpdateResultSchema, answer!.appMetadata).recordCount;
  }

  /** Runs an action; gives its result, where there is one. */
  async act<T extends DescMessage>(type: string, request: T, init: Init<T>): Promise<Uint8Array[]> {
    return (await collect(this.flight.doAction({ type, body: pack(request, init) }))).map(({ body }) => body);
  }

  /** Runs an action that has one result of a type. */
  async ask<T extends DescMessage, R extends DescMessage>(
    action: { readonly type: string; readonly request: T; readonly result: R },
    init: Init<T>,
  ): Promise<MessageShape<R>> {
    const [body, ...others] = await this.act(action.type, action.request, init);
    if (body === undefined || others.length > 0) throw new Error(`${action.type} has one result`);
    return anyUnpack(fromBinary(AnySchema, body), action.result)!;
  }

  /** Prepares a query, binds a parameter, runs it and closes it. */
  async prepareAndQuery(what: Preparable, parameters: TableData, expected: Schema): Promise<void> {
    const prepared = await this.#prepare(what);
    const [answer] = await this.#put(pack(CommandPreparedStatementQuerySchema, prepared), parameters);
    // A server that tells no other handle keeps the one that it gave.
    const bound = fromBinary(DoPutPreparedStatementResultSchema, answer?.appMetadata ?? new Uint8Array(0));
    const handle = bound.preparedStatementHandle ?? new Uint8Array(0);
    const preparedStatementHandle = handle.byteLength > 0 ? handle : prepared.preparedStatementHandle;
    await this.query(CommandPreparedStatementQuerySchema, { preparedStatementHandle }, expected);
    await this.schema(CommandPreparedStatementQuerySchema, { preparedStatementHandle }, expected);
    await this.#close(preparedStatementHandle);
  }

  /** Prepares an update, runs it and closes it; gives how many rows it has changed. */
  async prepareAndUpdate(what: Preparable): Promise<bigint> {
    const { preparedStatementHandle } = await this.#prepare(what);
    const rowCount = await this.update(CommandPreparedStatementUpdateSchema, { preparedStatementHandle });
    await this.#close(preparedStatementHandle);
    return rowCount;
  }

  async #prepare(what: Preparable): Promise<{ preparedStatementHandle: Uint8Array }> {
    const result = ActionCreatePreparedStatementResultSchema;
    const { preparedStatementHandle } =
      "plan" in what
        ? await this.ask(
            { type: "CreatePreparedSubstraitPlan", request: ActionCreatePreparedSubstraitPlanRequestSchema, result },
            what,
          )
        : await this.ask(
            { type: "CreatePreparedStatement", request: ActionCreatePreparedStatementRequestSchema, result },
            what as Init<typeof ActionCreatePreparedStatementRequestSchema>,
          );
    return { preparedStatementHandle };
  }

  async #close(preparedStatementHandle: Uint8Array): Promise<void> {
    await this.act("ClosePreparedStatement", ActionClosePreparedStatementRequestSchema, { preparedStatementHandle });
  }

  async #put(cmd: Uint8Array<ArrayBuffer>, data?: TableData) {
    return await collect(this.flight.doPut(describedBy(cmd, data)));
  }
}

/** Frames of which the first has the command; without data, the command is all that is sent. */
async function* describedBy(cmd: Uint8Array<ArrayBuffer>, data?: TableData): AsyncGenerator<FlightFrame> {
  const descriptor = createCommandDescriptor(cmd);
  if (data === undefined) return yield createFrame({ descriptor });
  let isFirst = true;
  for await (const frame of toFrames(data)) {
    yield isFirst ? createFrame({ ...frame, descriptor }) : frame;
    isFirst = false;
  }
}
