import type { Message, MessageInitShape } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";

import type { FlightFrame, MessageBudget, WireMessage } from "../flight/index.ts";
import type {
  Action,
  ActionType,
  Criteria,
  FlightDescriptor,
  FlightInfo,
  HandshakeRequest,
  HandshakeResponse,
  PollInfo,
  PutResult,
  Result,
  SchemaResult,
  Ticket,
} from "../gen/arrow/flight/protocol/flight_pb.ts";
import type { CallContext } from "./call-context.ts";

/** A protobuf message whose fields may be omitted if they have their default. */
type Init<T extends Message> = MessageInitShape<GenMessage<T>>;

/**
 * The implementation of a Flight service. Each method is one RPC. An RPC whose method is omitted fails with UNIMPLEMENTED.
 *
 * Streams are async iterables in both directions, with back-pressure. The server reads the next request frame when the
 * producer asks for it. It asks the producer for the next response when the socket has room.
 *
 * A call ends early if the client cancels or disconnects, if the deadline passes, or if the server stops. Then
 * `context.signal` aborts, the request stream throws, and `return()` of the response is called. So a `finally` block in
 * a generator runs.
 *
 * Throw a `FlightError` to send its code and message to the client. Any other error becomes INTERNAL, without a message.
 */
export interface FlightProducer<Frame = FlightFrame> {
  /**
   * Whether this is a producer of datasets: descriptors are paths, or commands as `docs/store.md` describes them; tickets are
   * names, or tickets of parts; and puts obey `hangar-put-mode`. Then the server reads the names of datasets in them, and
   * a caller who may create but not replace may put. For other producers, a put needs the right to replace.
   */
  readonly servesDatasets?: boolean;
  /**
   * Whether names with a `*` may be patterns, which stand for all datasets that match (see `isFolderPattern`). The
   * producer then checks `context.mayRead` for each dataset that it reads for such a name, and for the name itself. It
   * checks `context.mayChange` for each dataset that the action `compact_folder` changes.
   */
  readonly readsFolders?: boolean;
  /** The memory that request messages with data must claim before they are read; unlimited if it is omitted. */
  readonly messageBudget?: MessageBudget;
  /** Authenticates a client, in any number of rounds. */
  handshake?(context: CallContext, requests: AsyncIterable<HandshakeRequest>): AsyncIterable<Init<HandshakeResponse>>;
  /** Lists the flights that match the criteria. */
  listFlights?(context: CallContext, criteria: Criteria): AsyncIterable<Init<FlightInfo>>;
  /** Returns the endpoints of the flight of a descriptor. */
  getFlightInfo?(context: CallContext, descriptor: FlightDescriptor): Promise<Init<FlightInfo>>;
  /** Starts a long-running query, or returns its progress. */
  pollFlightInfo?(context: CallContext, descriptor: FlightDescriptor): Promise<Init<PollInfo>>;
  /** Returns the schema of a flight. If the method is omitted, the server uses `getFlightInfo`. */
  getSchema?(context: CallContext, descriptor: FlightDescriptor): Promise<Init<SchemaResult>>;
  /** Streams the data of a ticket: first a frame with the schema, then dictionaries and record batches. */
  doGet?(context: CallContext, ticket: Ticket): AsyncIterable<Frame>;
  /** Receives a stream of data. The first frame has the descriptor and the schema. The call succeeds when the result ends. */
  doPut?(context: CallContext, frames: AsyncIterable<Frame>): AsyncIterable<Init<PutResult>>;
  /** Receives and sends data at the same time. */
  doExchange?(context: CallContext, frames: AsyncIterable<Frame>): AsyncIterable<Frame>;
  /** Runs an action. */
  doAction?(context: CallContext, action: Action): AsyncIterable<Init<Result>>;
  /** Lists the actions that `doAction` supports. */
  listActions?(context: CallContext): AsyncIterable<Init<ActionType>>;
}

/** The methods whose calls a relay can forward as bytes, without taking their messages apart. */
export const forwardedMethods = [
  "getFlightInfo",
  "pollFlightInfo",
  "getSchema",
  "doGet",
  "doPut",
  "doExchange",
  "doAction",
  "listActions",
] as const;

/** A method whose calls a relay can forward as bytes. */
export type ForwardedMethod = (typeof forwardedMethods)[number];

/** A call that is forwarded as bytes: messages of gRPC with their envelopes, in chunks of any size. */
export interface ForwardedCall {
  /** The name of the method, such as `doGet`. */
  readonly method: ForwardedMethod;
  /** The request message, for methods that have only one. */
  readonly message?: Message | undefined;
  /** The bytes of the request. */
  readonly requests: AsyncIterable<Uint8Array>;
}

/** A producer that forwards FlightData messages without reading them, such as a proxy. */
export interface FlightRelay extends FlightProducer<WireMessage> {
  /** Distinguishes a relay from other producers. */
  readonly isRelay: true;
  /**
   * Forwards a call as bytes. If the method is omitted, the server uses the methods of each RPC.
   *
   * @returns the bytes of the response, once its headers are in the context
   */
  forward?(context: CallContext, call: ForwardedCall): Promise<AsyncIterable<Uint8Array>>;
}
