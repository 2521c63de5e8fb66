import { setTimeout as sleep } from "node:timers/promises";
import { create, fromBinary, toBinary, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import {
  createFrame,
  FlightError,
  frameByteLength,
  type FlightErrorCode,
  type FlightFrame,
} from "../../src/flight/index.ts";
import { decodeIpcStream, encodeSchemaMessage } from "../../src/arrow/index.ts";
import {
  CancelFlightInfoRequestSchema,
  CancelFlightInfoResultSchema,
  CancelStatus,
  CloseSessionResult_Status,
  CloseSessionResultSchema,
  FlightEndpointSchema,
  GetSessionOptionsResultSchema,
  RenewFlightEndpointRequestSchema,
  SetSessionOptionsRequestSchema,
  SetSessionOptionsResult_ErrorValue,
  SetSessionOptionsResultSchema,
  type Action,
  type FlightDescriptor,
  type HandshakeRequest,
  type SessionOptionValue,
  type Ticket,
} from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { ownLocations, type CallContext, type FlightProducer } from "../../src/producer/index.ts";
import { countCalls, openCalls } from "../support/open-calls.ts";
import { filesBelow } from "../support/process-files.ts";

/** The token that a user gets for the password `open sesame`. */
export const bearerOf = (username: string): string => `Bearer ${btoa(username)}`;

/** The frames of a table with the one column `n`, of one row. */
export function framesOf(n: number): FlightFrame[] {
  return [...decodeIpcStream(tableToIPC(tableFromArrays({ n: Int32Array.of(n) }), "stream"))];
}

/**
 * Adds to a producer what the client suite looks at besides datasets: what is under way on the server, errors of every
 * code, headers and trailers, passwords, sessions, and flights with several endpoints. Tickets and paths that begin
 * with `scenario` are its own.
 *
 * @param folder - whose files the action `files` tells; none where it is left out
 */
export function createScenarioProducer(base: FlightProducer, folder?: string): FlightProducer {
  const session = new Map<string, SessionOptionValue>();
  return countCalls({
    ...bind(base),
    handshake,
    doGet: (context, ticket) => (isScenario(ticket) ? getScenario(context, ticket) : base.doGet!(context, ticket)),
    doPut: (context, frames) => base.doPut!(context, frames),
    doExchange: (_context, frames) => echo(frames),
    async getFlightInfo(context, descriptor) {
      return descriptor.path[0] === "scenario"
        ? await describeScenario(context, descriptor)
        : await base.getFlightInfo!(context, descriptor);
    },
    async pollFlightInfo(_context, descriptor) {
      return { info: { flightDescriptor: descriptor }, flightDescriptor: descriptor, progress: 0.5 };
    },
    async *doAction(context, action) {
      if (action.type === "open_calls") yield { body: Buffer.from(JSON.stringify(openCalls("doAction"))) };
      else if (action.type === "files") yield { body: Buffer.from(JSON.stringify(await filesBelow(folder!))) };
      else yield* runAction(base, context, action, session);
    },
  });
}

/** Methods of a class are not own properties, which a spread would take. */
function bind(base: FlightProducer): FlightProducer {
  return {
    listFlights: (...call) => base.listFlights!(...call),
    getSchema: async (...call) => await base.getSchema!(...call),
    listActions: (...call) => base.listActions!(...call),
  };
}

/** Echoes payloads; without any, exchanges a password for a token in the headers, as pyarrow's clients ask for it. */
async function* handshake(context: CallContext, requests: AsyncIterable<HandshakeRequest>) {
  const basic = /^Basic (.*)$/.exec(context.requestHeader.get("authorization") ?? "");
  if (basic) {
    const [username = "", password] = Buffer.from(basic[1] ?? "", "base64")
      .toString("utf8")
      .split(":");
    if (password !== "open sesame") throw new FlightError("unauthenticated", `${username} has another password`);
    context.responseHeader.set("authorization", bearerOf(encodeURIComponent(username)));
  }
  for await (const { payload } of requests) yield { payload };
}

async function* echo(frames: AsyncIterable<FlightFrame>): AsyncGenerator<FlightFrame> {
  for await (const { header, appMetadata, body } of frames) yield createFrame({ header, appMetadata, body });
}

/** What the endless flight has given, in bytes, in all of this process. */
let endlessBytes = 0;

const isScenario = ({ ticket }: Ticket): boolean => Buffer.from(ticket).toString().startsWith("scenario");

async function* getScenario(context: CallContext, { ticket }: Ticket): AsyncGenerator<FlightFrame> {
  const [, what, argument] = Buffer.from(ticket).toString().split(" ");
  if (what === "row") {
    // The later an endpoint stands, the sooner it answers: order does not come by itself.
    await sleep(40 - 10 * Number(argument));
    yield* framesOf(Number(argument));
  } else if (what === "endless") {
    // Large enough to fill the windows of a connection at once.
    const table = tableFromArrays({ n: new Int32Array(100_000) });
    const [schema, batch] = decodeIpcStream(tableToIPC(table, "stream"));
    yield schema!;
    for (;;) {
      endlessBytes += frameByteLength(batch!);
      yield batch!;
    }
  } else if (what === "refused") {
    throw refused(context);
  } else if (what === "broken") {
    tellMetadata(context);
    yield* framesOf(1);
    throw new FlightError("data_loss", "the second batch is lost");
  } else {
    yield framesOf(1)[0]!;
  }
}

/** Sets headers and trailers, one of a name in both. */
function tellMetadata({ responseHeader, responseTrailer }: CallContext): void {
  responseHeader.set("x-answer", "first");
  responseTrailer.set("x-last", "word");
  responseHeader.set("x-both", "early");
  responseTrailer.set("x-both", "late");
}

function refused(context: CallContext): FlightError {
  tellMetadata(context);
  return new FlightError("permission_denied", "refused");
}

async function describeScenario(context: CallContext, descriptor: FlightDescriptor) {
  const what = descriptor.path[1] ?? "";
  if (what === "refused") throw refused(context);
  if (what === "slow") await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
  const isRows = what === "ordered" || what === "unordered";
  const tickets = isRows ? [0, 1, 2, 3].map((n) => `scenario row ${n}`) : [`scenario ${what}`];
  const uris = ["arrow-flight-reuse-connection://?", ownLocations(context)[0]!, "grpc://0.0.0.0:1"];
  return {
    schema: encodeSchemaMessage(framesOf(0)[0]!.header),
    flightDescriptor: descriptor,
    endpoint: tickets.map((ticket, i) => ({
      ticket: { ticket: Buffer.from(ticket) },
      location: i < 2 ? [{ uri: uris[i]! }] : i === 2 ? [] : [{ uri: uris[2]! }, { uri: uris[0]! }],
    })),
    ordered: what === "ordered",
    totalRecords: -1n,
    totalBytes: -1n,
  };
}

async function* runAction(
  base: FlightProducer,
  context: CallContext,
  { type, body }: Action,
  session: Map<string, SessionOptionValue>,
) {
  const text = Buffer.from(body).toString();
  switch (type) {
    case "fail":
      throw new FlightError(text as FlightErrorCode, `failed with ${text}: „ß“`);
    case "headers":
      context.responseHeader.set("x-answer", context.requestHeader.get("x-question") ?? "");
      context.responseTrailer.set("x-last", "word");
      yield { body: Buffer.from(context.requestHeader.get("authorization") ?? "") };
      return;
    case "visit":
      yield { body: Buffer.from(context.requestHeader.get("cookie") ?? "") };
      return;
    case "begin_session":
      context.responseHeader.append("set-cookie", "session=s1; Path=/; HttpOnly");
      yield { body: new Uint8Array(0) };
      return;
    case "endless_bytes":
      yield { body: Buffer.from(String(endlessBytes)) };
      return;
    case "die":
      process.kill(process.pid, "SIGKILL");
      return;
    case "CancelFlightInfo": {
      const { info } = fromBinary(CancelFlightInfoRequestSchema, body);
      const isKnown = info?.flightDescriptor?.path[0] === "scenario";
      const status = isKnown ? CancelStatus.CANCELLED : CancelStatus.NOT_CANCELLABLE;
      yield encode(CancelFlightInfoResultSchema, { status });
      return;
    }
    case "RenewFlightEndpoint": {
      const { endpoint } = fromBinary(RenewFlightEndpointRequestSchema, body);
      yield encode(FlightEndpointSchema, { ...endpoint!, appMetadata: Buffer.from("renewed") });
      return;
    }
    case "SetSessionOptions": {
      const { sessionOptions } = fromBinary(SetSessionOptionsRequestSchema, body);
      for (const [name, value] of Object.entries(sessionOptions)) session.set(name, value);
      const errors = "bad" in sessionOptions ? { bad: { value: SetSessionOptionsResult_ErrorValue.INVALID_NAME } } : {};
      yield encode(SetSessionOptionsResultSchema, { errors });
      return;
    }
    case "GetSessionOptions":
      yield encode(GetSessionOptionsResultSchema, { sessionOptions: Object.fromEntries(session) });
      return;
    case "CloseSession":
      session.clear();
      yield encode(CloseSessionResultSchema, { status: CloseSessionResult_Status.CLOSED });
      return;
    default:
      yield* base.doAction!(context, { type, body } as Action);
  }
}

function encode<Schema extends DescMessage>(schema: Schema, init: MessageInitShape<Schema>) {
  return { body: new Uint8Array(toBinary(schema, create(schema, init))) };
}
