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

/** What a method may answer: protobuf messages, with fields left out where they have their default. */
type Init<T extends Message> = MessageInitShape<GenMessage<T>>;

/**
 * What a Flight server serves. Every method is one RPC; one that is left out answers UNIMPLEMENTED.
 *
 * Streams are async iterables both ways. The next request frame is read from the socket when the iterable is
 * asked for it, and the next answer is asked for when the socket has room: that is the back-pressure, and a
 * producer bounds its own memory by what it holds between the two. When the call ends early (the client
 * cancels or vanishes, the deadline passes, the server drains) `context.signal` is aborted, a request stream
 * throws, and an answer's `return()` is called, so that a `finally` in a generator runs.
 *
 * Throw a `FlightError` to say what went wrong; anything else that is thrown reaches the client as INTERNAL
 * without its message.
 */
export interface FlightProducer<Frame = FlightFrame> {
  /** The memory that requests' messages of data wait for before they are read; they wait for nothing where it is left out. */
  readonly messageBudget?: MessageBudget;
  /** Authenticates a client in as many rounds as it takes. */
  handshake?(context: CallContext, requests: AsyncIterable<HandshakeRequest>): AsyncIterable<Init<HandshakeResponse>>;
  /** Lists the flights that match. */
  listFlights?(context: CallContext, criteria: Criteria): AsyncIterable<Init<FlightInfo>>;
  /** Says where the flight of a descriptor is fetched. */
  getFlightInfo?(context: CallContext, descriptor: FlightDescriptor): Promise<Init<FlightInfo>>;
  /** Starts a long-running query, or says how far it has come. */
  pollFlightInfo?(context: CallContext, descriptor: FlightDescriptor): Promise<Init<PollInfo>>;
  /** Gives a flight's schema; left out, it is taken from `getFlightInfo`. */
  getSchema?(context: CallContext, descriptor: FlightDescriptor): Promise<Init<SchemaResult>>;
  /** Streams the data behind a ticket: first a frame with the schema, then dictionaries and record batches. */
  doGet?(context: CallContext, ticket: Ticket): AsyncIterable<Frame>;
  /** Takes a stream of data; the first frame has the descriptor and the schema. The call ends with OK when the iterable ends. */
  doPut?(context: CallContext, frames: AsyncIterable<Frame>): AsyncIterable<Init<PutResult>>;
  /** Takes and gives data at the same time. */
  doExchange?(context: CallContext, frames: AsyncIterable<Frame>): AsyncIterable<Frame>;
  /** Runs an action. */
  doAction?(context: CallContext, action: Action): AsyncIterable<Init<Result>>;
  /** Lists the actions that `doAction` knows. */
  listActions?(context: CallContext): AsyncIterable<Init<ActionType>>;
}

/** A producer that passes messages of FlightData on without reading them, as a proxy does. */
export interface FlightRelay extends FlightProducer<WireMessage> {
  /** Tells it from other producers. */
  readonly isRelay: true;
}
