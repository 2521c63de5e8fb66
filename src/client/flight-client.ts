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
import { callOptionNames, checkOptions } from "./check-options.ts";
import type { Credentials } from "./credentials.ts";
import { runStream, runUnary, type CallOptions, type CallRequest, type HeaderFields } from "./run-call.ts";
import { fromSessionOptionValue, toSessionOptionValue, type SessionOption } from "./session-options.ts";
import type { CallBodies } from "./splice-bodies.ts";

type Init<Schema extends DescMessage> = MessageInitShape<Schema>;
/** Messages or frames to send. */
export type MessageSource<T> = AsyncIterable<T> | Iterable<T>;

/** Options of a `FlightClient`. */
export interface FlightClientOptions {
  /** The request headers of every call, such as `authorization`. */
  readonly headers?: HeaderFields | undefined;
  /** The caller's credentials, for calls without the header `authorization`; see `createCredentials`. */
  readonly credentials?: Credentials | undefined;
}

/**
 * A client of the ten RPCs of Flight and of its standard actions, over any transport of Connect.
 *
 * Streams are async iterables in both directions. A call starts when its first response is requested. The client takes
 * the next request from its source when the connection has room. It receives the next response when it is requested. If
 * the caller stops reading early, the call is cancelled on the server. All errors are FlightErrors with the server's
 * code and message.
 */
export class FlightClient {
  /** The request headers of every call, such as `authorization`. Changes apply to later calls. */
  readonly headers: Headers;
  readonly #client: Client<typeof FlightService>;
  readonly #credentials: Credentials | undefined;

  /**
   * @param transport - see `createFlightTransport`. Other transports of Connect work too, but they copy Arrow bodies.
   */
  constructor(transport: Transport, options: FlightClientOptions = {}) {
    this.headers = new Headers(options.headers);
    this.#credentials = options.credentials;
    this.#client = createClient(FlightService, transport);
  }

  /** Runs the Handshake RPC, in as many rounds as the server needs. */
  handshake(
    requests: MessageSource<Init<typeof HandshakeRequestSchema>>,
    options: CallOptions = {},
  ): AsyncGenerator<HandshakeResponse, void, undefined> {
    return runStream(this.#call(options), ({ connectOptions, watch }) =>
      this.#client.handshake(watch(requests), connectOptions),
    );
  }

  /**
   * Exchanges a user name and password for a token. Later calls of this client send the token.
   *
   * @returns the value of the `authorization` header, such as `Bearer …`
   * @throws FlightError UNAUTHENTICATED if the password is wrong, or if the server returns no token
   */
  async authenticateBasic(username: string, password: string, options: CallOptions = {}): Promise<string> {
    checkOptions(options, callOptionNames);
    const headers = new Headers(options.headers);
    headers.set("authorization", encodeBasic(username, password));
    let token: string | null = null;
    // If a call has no messages, its headers may arrive as trailers.
    const look = (metadata: Headers): void => void (token ??= metadata.get("authorization"));
    const onHeader = (header: Headers): void => (look(header), options.onHeader?.(header));
    const onTrailer = (trailer: Headers): void => (look(trailer), options.onTrailer?.(trailer));
    for await (const _ of this.handshake([], { ...options, headers, onHeader, onTrailer }));
    if (token === null) throw new FlightError("unauthenticated", "the server returned no token for the password");
    this.headers.set("authorization", token);
    return token;
  }

  /** Lists flights. The server defines the format of the expression; an empty expression lists all flights. */
  listFlights(
    expression: Uint8Array | string = "",
    options: CallOptions = {},
  ): AsyncGenerator<FlightInfo, void, undefined> {
    return runStream(this.#call(options), ({ connectOptions }) =>
      this.#client.listFlights({ expression: toBytes(expression) }, connectOptions),
    );
  }

  /** Returns the schema and the endpoints of the flight of a descriptor. */
  async getFlightInfo(descriptor: Init<typeof FlightDescriptorSchema>, options: CallOptions = {}): Promise<FlightInfo> {
    return await runUnary(this.#call(options), (each) => this.#client.getFlightInfo(descriptor, each));
  }

  /** Starts a long-running query, or returns its progress. */
  async pollFlightInfo(descriptor: Init<typeof FlightDescriptorSchema>, options: CallOptions = {}): Promise<PollInfo> {
    return await runUnary(this.#call(options), (each) => this.#client.pollFlightInfo(descriptor, each));
  }

  /** Returns the schema of the flight of a descriptor, as an encapsulated message; see `decodeSchemaMessage`. */
  async getSchema(descriptor: Init<typeof FlightDescriptorSchema>, options: CallOptions = {}): Promise<SchemaResult> {
    return await runUnary(this.#call(options), (each) => this.#client.getSchema(descriptor, each));
  }

  /** Streams the frames of a ticket. The first frame has the schema. */
  doGet(ticket: Init<typeof TicketSchema>, options: CallOptions = {}): AsyncGenerator<FlightFrame, void, undefined> {
    const bodies: CallBodies = {};
    return runStream(this.#call(options, bodies), ({ connectOptions }) =>
      toFrames(this.#client.doGet(ticket, connectOptions), bodies),
    );
  }

  /** Sends frames. The first frame has the descriptor and the schema. The data is stored when the responses end. */
  doPut(frames: MessageSource<FlightFrame>, options: CallOptions = {}): AsyncGenerator<PutResult, void, undefined> {
    const bodies: CallBodies = {};
    return runStream(this.#call(options, bodies), ({ connectOptions, watch }) =>
      this.#client.doPut(toMessages(watch(frames, frameByteLength), bodies), connectOptions),
    );
  }

  /** Sends and receives frames at the same time. The first frame that is sent has the descriptor. */
  doExchange(
    frames: MessageSource<FlightFrame>,
    options: CallOptions = {},
  ): AsyncGenerator<FlightFrame, void, undefined> {
    const bodies: CallBodies = {};
    return runStream(this.#call(options, bodies), ({ connectOptions, watch }) =>
      toFrames(this.#client.doExchange(toMessages(watch(frames, frameByteLength), bodies), connectOptions), bodies),
    );
  }

  /** Runs an action. */
  doAction(action: Init<typeof ActionSchema>, options: CallOptions = {}): AsyncGenerator<Result, void, undefined> {
    return runStream(this.#call(options), ({ connectOptions }) => this.#client.doAction(action, connectOptions));
  }

  /** Lists the actions that the server supports. */
  listActions(options: CallOptions = {}): AsyncGenerator<ActionType, void, undefined> {
    return runStream(this.#call(options), ({ connectOptions }) => this.#client.listActions({}, connectOptions));
  }

  /** Cancels a flight with the action CancelFlightInfo. */
  async cancelFlightInfo(info: FlightInfo, options: CallOptions = {}): Promise<CancelStatus> {
    const [input, output] = [CancelFlightInfoRequestSchema, CancelFlightInfoResultSchema] as const;
    const { status } = await this.#act({ type: "CancelFlightInfo", input, request: { info }, output }, options);
    return status;
  }

  /**
   * Extends the expiration time of an endpoint with the action RenewFlightEndpoint.
   *
   * @returns the endpoint to use from now on
   */
  async renewFlightEndpoint(endpoint: FlightEndpoint, options: CallOptions = {}): Promise<FlightEndpoint> {
    const [input, output] = [RenewFlightEndpointRequestSchema, FlightEndpointSchema] as const;
    return await this.#act({ type: "RenewFlightEndpoint", input, request: { endpoint }, output }, options);
  }

  /**
   * Sets options of the session with the action SetSessionOptions. A session needs cookies, or another way for the
   * server to recognize its client.
   *
   * @returns the options that could not be set, with the reason; empty on success
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

  /** Returns the options of the session, with the action GetSessionOptions. */
  async getSessionOptions(options: CallOptions = {}): Promise<Record<string, SessionOption>> {
    const [input, output] = [GetSessionOptionsRequestSchema, GetSessionOptionsResultSchema] as const;
    const { sessionOptions } = await this.#act({ type: "GetSessionOptions", input, request: {}, output }, options);
    return mapValues(sessionOptions, fromSessionOptionValue);
  }

  /** Closes the session with the action CloseSession. */
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
    if (result === undefined) throw new FlightError("internal", `the action ${type} returned no result`);
    return result;
  }

  #call(options: CallOptions, bodies?: CallBodies): CallRequest {
    checkOptions(options, callOptionNames);
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

/** Encodes a user name and a password as in RFC 7617, in UTF-8. */
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
