import { upstreamHeader } from "../dataset/index.ts";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BodyQueue, fromWireMessage, toWireMessage, type WireMessage } from "../flight/index.ts";
import {
  FlightService,
  LocationSchema,
  type Action,
  type Criteria,
  type FlightData,
  type FlightDescriptor,
  type FlightInfo,
  type HandshakeRequest,
  type PollInfo,
  type Ticket,
} from "../gen/arrow/flight/protocol/flight_pb.ts";
import {
  forwardedMethods,
  ownLocations,
  type CallContext,
  type ForwardedCall,
  type ForwardedMethod,
  type FlightRelay,
} from "../producer/index.ts";
import { callStream, callUnary, forwardCall, type ForwardedPath } from "./call-upstream.ts";
import { changeMessage } from "./change-message.ts";
import { chooseOrigin, planLocations } from "./locations.ts";
import { RepeatedAnswers } from "./repeated-answers.ts";
import type { Upstream } from "./upstream.ts";

/** The servers that a relay forwards calls to. */
export interface RelayOptions {
  /** The configured upstream, which gets every call. */
  readonly upstream: Upstream;
  /** Other servers by origin. They get the tickets for which clients choose them. */
  readonly others: ReadonlyMap<string, Upstream>;
  /** The location in FlightInfos. By default, the address that the client used. */
  readonly advertise?: string | undefined;
}

const { method } = FlightService;

const paths = Object.fromEntries(
  forwardedMethods.map((name) => [
    name,
    { kind: method[name].methodKind, path: `/${FlightService.typeName}/${method[name].name}` },
  ]),
) as Record<ForwardedMethod, ForwardedPath>;

/** Forwards every RPC of Flight to another server. Arrow data is not decoded. */
export class UpstreamRelay implements FlightRelay {
  readonly isRelay = true;
  readonly #upstream: Upstream;
  readonly #others: ReadonlyMap<string, Upstream>;
  readonly #advertise: string | undefined;
  readonly #infos = new RepeatedAnswers();
  readonly #origins: { readonly upstream: string; readonly allowed: ReadonlySet<string> };

  constructor({ upstream, others, advertise }: RelayOptions) {
    this.#upstream = upstream;
    this.#others = others;
    this.#advertise = advertise;
    this.#origins = { upstream: upstream.url.origin, allowed: new Set(others.keys()) };
  }

  handshake(context: CallContext, requests: AsyncIterable<HandshakeRequest>) {
    return callStream(context, this.#upstream, method.handshake, { requests });
  }

  async *listFlights(context: CallContext, criteria: Criteria) {
    const flights = callStream(context, this.#upstream, method.listFlights, { requests: [criteria] });
    for await (const info of flights) yield this.#relocate(context, info);
  }

  async getFlightInfo(context: CallContext, descriptor: FlightDescriptor): Promise<FlightInfo> {
    return this.#relocate(context, await callUnary(context, this.#upstream, method.getFlightInfo, descriptor));
  }

  async pollFlightInfo(context: CallContext, descriptor: FlightDescriptor): Promise<PollInfo> {
    const poll = await callUnary(context, this.#upstream, method.pollFlightInfo, descriptor);
    if (poll.info) this.#relocate(context, poll.info);
    return poll;
  }

  async getSchema(context: CallContext, descriptor: FlightDescriptor) {
    return await callUnary(context, this.#upstream, method.getSchema, descriptor);
  }

  async *doGet(context: CallContext, ticket: Ticket) {
    const response = new BodyQueue();
    const messages = callStream(context, this.#chosenBy(context), method.doGet, { requests: [ticket], response });
    for await (const message of messages) yield toWireMessage(message, response);
  }

  doPut(context: CallContext, frames: AsyncIterable<WireMessage>) {
    const request = new BodyQueue();
    return callStream(context, this.#upstream, method.doPut, { requests: toMessages(frames, request), request });
  }

  async *doExchange(context: CallContext, frames: AsyncIterable<WireMessage>) {
    const queues = { request: new BodyQueue(), response: new BodyQueue() };
    const requests = toMessages(frames, queues.request);
    const messages = callStream(context, this.#upstream, method.doExchange, { requests, ...queues });
    for await (const message of messages) yield toWireMessage(message, queues.response);
  }

  doAction(context: CallContext, action: Action) {
    return callStream(context, this.#upstream, method.doAction, { requests: [action] });
  }

  async *listActions(context: CallContext) {
    yield* callStream(context, this.#upstream, method.listActions, { requests: [create(method.listActions.input)] });
  }

  async forward(context: CallContext, call: ForwardedCall): Promise<AsyncIterable<Uint8Array>> {
    const { kind, path } = paths[call.method];
    const upstream = call.method === "doGet" ? this.#chosenBy(context) : this.#upstream;
    const response = await forwardCall(context, upstream, { method: { kind, path }, requests: call.requests });
    if (call.method === "getFlightInfo") {
      const { output } = method.getFlightInfo;
      const change = (bytes: Uint8Array): Uint8Array =>
        toBinary(output, this.#relocate(context, fromBinary(output, bytes)));
      const rule = ownLocations(context, this.#advertise).join(" ");
      return changeMessage(response, (bytes) => this.#infos.answer(bytes, rule, change));
    }
    if (call.method !== "pollFlightInfo") return response;
    const { output } = method.pollFlightInfo;
    return changeMessage(response, (bytes) => {
      const poll = fromBinary(output, bytes);
      if (poll.info) this.#relocate(context, poll.info);
      return toBinary(output, poll);
    });
  }

  /** Returns the server that gets a ticket. */
  #chosenBy(context: CallContext): Upstream {
    const origin = chooseOrigin(context.requestHeader.get(upstreamHeader), this.#origins);
    return this.#others.get(origin) ?? this.#upstream;
  }

  /** Replaces locations that only this server can reach with this server. Changes the message. */
  #relocate(context: CallContext, info: FlightInfo): FlightInfo {
    const rules = { ...this.#origins, own: ownLocations(context, this.#advertise) };
    for (const endpoint of info.endpoint) {
      const uris = endpoint.location.map(({ uri }) => uri);
      endpoint.location = planLocations(uris, rules).map(
        (uri) => endpoint.location.find((location) => location.uri === uri) ?? create(LocationSchema, { uri }),
      );
    }
    return info;
  }
}

async function* toMessages(frames: AsyncIterable<WireMessage>, queue: BodyQueue): AsyncGenerator<FlightData> {
  for await (const frame of frames) yield await fromWireMessage(frame, queue);
}
