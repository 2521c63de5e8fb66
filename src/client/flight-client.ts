import {
  create,
  fromBinary,
  toBinary,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import { createClient, type Client, type Transport } from "@connectrpc/connect";
import { FlightError, frameByteLength, fromFlightData, toFlightData, type FlightFrame } from "../flight/index.ts";
import {
  CancelFlightInfoRequestSchema,
  CancelFlightInfoResultSchema,
  CloseSessionRequestSchema,
  CloseSessionResultSchema,
  FlightEndpointSchema,
  FlightService,
  GetSessionOptionsRequestSchema,
  GetSessionOptionsResultSchema,
  RenewFlightEndpointRequestSchema,
  SetSessionOptionsRequestSchema,
  SetSessionOptionsResultSchema,
  type ActionSchema,
  type ActionType,
  type CancelStatus,
  type CloseSessionResult_Status,
  type FlightData,
  type FlightDescriptorSchema,
  type FlightEndpoint,
  type FlightInfo,
  type HandshakeRequestSchema,
  type HandshakeResponse,
  type PollInfo,
  type PutResult,
  type Result,
  type SchemaResult,
  type SetSessionOptionsResult_ErrorValue,
  type TicketSchema,
} from "../gen/arrow/flight/protocol/flight_pb.ts";
import type { Credentials } from "./credentials.ts";
import { runStream, runUnary, type CallOptions, type CallRequest, type HeaderFields } from "./run-call.ts";
import { fromSessionOptionValue, toSessionOptionValue, type SessionOption } from "./session-options.ts";
import type { CallBodies } from "./splice-bodies.ts";

type Init<Schema extends DescMessage> = MessageInitShape<Schema>;
type Source<T> = AsyncIterable<T> | Iterable<T>;

/** What a client's calls have in common. */
export interface FlightClientOptions {
  /** Go with every call, such as `authorization`. */
  readonly headers?: HeaderFields | undefined;
  /** Say who calls, where no header does; see `createCredentials`. */
  readonly credentials?: Credentials | undefined;
}

/**
 * The ten RPCs of Flight and its standard actions, over any transport of Connect.
 *
 * Streams are async iterables both ways. A call begins when its first answer is asked for; the next request is taken
 * from its source when the connection has room, and the next answer is received when it is asked for. Leaving the
 * answers cancels the call on the server. Every failure is a FlightError with the code and the words of the server.
 */
export class FlightClient {
  /** Headers that go with every call, such as `authorization`. */
  readonly headers: Headers;
  readonly #client: Client<typeof FlightService>;
  readonly #credentials: Credentials | undefined;

  /** @param transport - see `createFlightTransport`; another one carries bodies in their messages */
  constructor(transport: Transport, options: FlightClientOptions = {}) {
    this.headers = new Headers(options.headers);
    this.#credentials = options.credentials;
    this.#client = createClient(FlightService, transport);
  }

  /** Authenticates in as many rounds as the server's scheme needs. */
  handshake(
    requests: Source<Init<typeof HandshakeRequestSchema>>,
    options: CallOptions = {},
  ): AsyncGenerator<HandshakeResponse, void, undefined> {
    return runStream(this.#call(options), ({ connectOptions, watch }) =>
      this.#client.handshake(watch(requests), connectOptions),
    );
  }

  /**
   * Exchanges a user's name and password for a token, which goes with every call from now on, and is given back.
   *
   * @returns the value of the `authorization` header, such as `Bearer …`
   * @throws FlightError UNAUTHENTICATED where the server takes the password but gives no token
   */
  async authenticateBasic(username: string, password: string, options: CallOptions = {}): Promise<string> {
    const headers = new Headers(options.headers);
    headers.set("authorization", encodeBasic(username, password));
    let token: string | null = null;
    // Where a call has no messages, the one set of headers that it has may come as trailers.
    const look = (metadata: Headers): void => void (token ??= metadata.get("authorization"));
    const onHeader = (header: Headers): void => (look(header), options.onHeader?.(header));
    const onTrailer = (trailer: Headers): void => (look(trailer), options.onTrailer?.(trailer));
    for await (const _ of this.handshake([], { ...options, headers, onHeader, onTrailer }));
    if (token === null) throw new FlightError("unauthenticated", "the server gave no token for the password");
    this.headers.set("authorization", token);
    return token;
  }

  /** Lists flights; what the expression may say is the server's affair, and an empty one means all. */
  listFlights(
    expression: Uint8Array | string = "",
    options: CallOptions = {},
  ): AsyncGenerator<FlightInfo, void, undefined> {
    return runStream(this.#call(options), ({ connectOptions }) =>
      this.#client.listFlights({ expression: toBytes(expression) }, connectOptions),
    );
  }

  /** Says where and how the flight of a descriptor is fetched. */
  async getFlightInfo(descriptor: Init<typeof FlightDescriptorSchema>, options: CallOptions = {}): Promise<FlightInfo> {
    return await runUnary(this.#call(options), (each) => this.#client.getFlightInfo(descriptor, each));
  }

  /** Starts a long-running query, or asks how far it has come. */
  async pollFlightInfo(descriptor: Init<typeof FlightDescriptorSchema>, options: CallOptions = {}): Promise<PollInfo> {
    return await runUnary(this.#call(options), (each) => this.#client.pollFlightInfo(descriptor, each));
  }

  /** Gives the schema of a descriptor's flight, as an encapsulated message; see `decodeSchemaMessage`. */
  async getSchema(descriptor: Init<typeof FlightDescriptorSchema>, options: CallOptions = {}): Promise<SchemaResult> {
    return await runUnary(this.#call(options), (each) => this.#client.getSchema(descriptor, each));
  }

  /** Streams the frames behind a ticket, the schema first. */
  doGet(ticket: Init<typeof TicketSchema>, options: CallOptions = {}): AsyncGenerator<FlightFrame, void, undefined> {
    const bodies: CallBodies = {};
    return runStream(this.#call(options, bodies), ({ connectOptions }) =>
      toFrames(this.#client.doGet(ticket, connectOptions), bodies),
    );
  }

  /** Sends frames, the descriptor and the schema in the first; what is stored is stored when the answers end. */
  doPut(frames: Source<FlightFrame>, options: CallOptions = {}): AsyncGenerator<PutResult, void, undefined> {
    const bodies: CallBodies = {};
    return runStream(this.#call(options, bodies), ({ connectOptions, watch }) =>
      this.#client.doPut(toMessages(watch(frames, frameByteLength), bodies), connectOptions),
    );
  }

  /** Sends and receives frames at the same time; the descriptor is in the first that is sent. */
  doExchange(frames: Source<FlightFrame>, options: CallOptions = {}): AsyncGenerator<FlightFrame, void, undefined> {
    const bodies: CallBodies = {};
    return runStream(this.#call(options, bodies), ({ connectOptions, watch }) =>
      toFrames(this.#client.doExchange(toMessages(watch(frames, frameByteLength), bodies), connectOptions), bodies),
    );
  }

  /** Runs an action. */
  doAction(action: Init<typeof ActionSchema>, options: CallOptions = {}): AsyncGenerator<Result, void, undefined> {
    return runStream(this.#call(options), ({ connectOptions }) => this.#client.doAction(action, connectOptions));
  }

  /** Lists the actions that the server has. */
  listActions(options: CallOptions = {}): AsyncGenerator<ActionType, void, undefined> {
    return runStream(this.#call(options), ({ connectOptions }) => this.#client.listActions({}, connectOptions));
  }

  /** Cancels a flight, by the action CancelFlightInfo. */
  async cancelFlightInfo(info: FlightInfo, options: CallOptions = {}): Promise<CancelStatus> {
    const [input, output] = [CancelFlightInfoRequestSchema, CancelFlightInfoResultSchema] as const;
    const { status } = await this.#act({ type: "CancelFlightInfo", input, request: { info }, output }, options);
    return status;
  }

  /** Makes an endpoint last longer, by the action RenewFlightEndpoint; gives the one to use from now on. */
  async renewFlightEndpoint(endpoint: FlightEndpoint, options: CallOptions = {}): Promise<FlightEndpoint> {
    const [input, output] = [RenewFlightEndpointRequestSchema, FlightEndpointSchema] as const;
    return await this.#act({ type: "RenewFlightEndpoint", input, request: { endpoint }, output }, options);
  }

  /**
   * Sets options of the session, by the action SetSessionOptions. A session needs cookies, or another way for the
   * server to know its client again.
   *
   * @returns the options that could not be set, with the reason; empty where all could
   */
  async setSessionOptions(
    sessionOptions: Readonly<Record<string, SessionOption>>,
    options: CallOptions = {},
  ): Promise<Record<string, SetSessionOptionsResult_ErrorValue>> {
    const [input, output] = [SetSessionOptionsRequestSchema, SetSessionOptionsResultSchema] as const;
    const request = { sessionOptions: mapValues(sessionOptions, toSessionOptionValue) };
    const { errors } = await this.#act({ type: "SetSessionOptions", input, request, output }, options);
    return mapValues(errors, ({ value }) => value);
  }

  /** Gives the options of the session, by the action GetSessionOptions. */
  async getSessionOptions(options: CallOptions = {}): Promise<Record<string, SessionOption>> {
    const [input, output] = [GetSessionOptionsRequestSchema, GetSessionOptionsResultSchema] as const;
    const { sessionOptions } = await this.#act({ type: "GetSessionOptions", input, request: {}, output }, options);
    return mapValues(sessionOptions, fromSessionOptionValue);
  }

  /** Ends the session, by the action CloseSession. */
  async closeSession(options: CallOptions = {}): Promise<CloseSessionResult_Status> {
    const [input, output] = [CloseSessionRequestSchema, CloseSessionResultSchema] as const;
    const { status } = await this.#act({ type: "CloseSession", input, request: {}, output }, options);
    return status;
  }

  /** Runs an action whose body and only result are protobuf messages. */
  async #act<Input extends DescMessage, Output extends DescMessage>(
    { type, input, request, output }: StandardAction<Input, Output>,
    options: CallOptions,
  ): Promise<MessageShape<Output>> {
    const body = new Uint8Array(toBinary(input, create(input, request)));
    let result: MessageShape<Output> | undefined;
    for await (const message of this.doAction({ type, body }, options)) result ??= fromBinary(output, message.body);
    if (result === undefined) throw new FlightError("internal", `the action ${type} gave no result`);
    return result;
  }

  #call(options: CallOptions, bodies?: CallBodies): CallRequest {
    return { clientHeaders: this.headers, credentials: this.#credentials, options, ...(bodies && { bodies }) };
  }
}

interface StandardAction<Input extends DescMessage, Output extends DescMessage> {
  readonly type: string;
  readonly input: Input;
  readonly request: Init<Input>;
  readonly output: Output;
}

async function* toMessages(frames: AsyncIterable<FlightFrame>, bodies: CallBodies): AsyncGenerator<FlightData> {
  for await (const frame of frames) yield toFlightData(frame, bodies.request);
}

async function* toFrames(messages: AsyncIterable<FlightData>, bodies: CallBodies): AsyncGenerator<FlightFrame> {
  for await (const message of messages) yield fromFlightData(message, bodies.response);
}

/** RFC 7617, in UTF-8. */
function encodeBasic(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function toBytes(text: Uint8Array | string): Uint8Array<ArrayBuffer> {
  return typeof text === "string" ? new TextEncoder().encode(text) : new Uint8Array(text);
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, toValue: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, toValue(value)]));
}
