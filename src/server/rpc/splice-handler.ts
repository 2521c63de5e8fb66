import type { DescMethod } from "@bufbuild/protobuf";
import { createContextValues } from "@connectrpc/connect";
import type { UniversalHandler, UniversalServerResponse } from "@connectrpc/connect/protocol";
import { setTrailerStatus } from "@connectrpc/connect/protocol-grpc";
import { attachBodies, BodyQueue, carriesFlightData, toConnectError, type FrameCodec } from "../../flight/index.ts";
import type { CallObserver } from "../calls/call-observer.ts";
import type { ServerLimits } from "../limits/server-limits.ts";
import { beginCall, endWithRequest } from "./observe-handler.ts";
import { arrivalKey, observedKey, type Arrival, type Sender } from "./call-context.ts";
import { boundTrailer } from "./bound-trailer.ts";
import type { ByteStreamRequest } from "./byte-stream-request.ts";
import { EndableBytes } from "./endable-bytes.ts";
import { guardRequest } from "./guard-request.ts";
import { callEnded } from "./native/native-call.ts";
import { tagAnswer } from "./tag-answer.ts";

/** Content types whose messages are binary protobuf in envelopes. Bodies can be spliced into these. */
const splicedContentType = /^application\/(grpc|grpc-web|connect)(\+proto)?(;|$)/;

/** A handler for requests of some paths. */
export interface RequestAnswerer {
  /** Whether a truncated request could look complete. A truncated single message cannot be parsed. */
  readonly takesStream: boolean;
  /** Whether the response may be long and is sent while it is created. */
  readonly givesStream: boolean;
  answer(request: ByteStreamRequest, from: Sender): Promise<UniversalServerResponse>;
}

/** Handles a call with Connect. FlightData bypasses Connect if the content type allows it. */
export interface SplicedHandler extends RequestAnswerer {
  readonly method: DescMethod;
}

/** Options of `spliceHandler`. */
export interface SpliceOptions {
  /** Removes the parts of requests that bypass Connect. */
  readonly detach: FrameCodec<never>["detach"];
  readonly limits: ServerLimits;
  /** Observes each call; none by default. */
  readonly observer?: CallObserver | undefined;
}

/** Wraps a handler of Connect, so that FlightData bypasses Connect. */
export function spliceHandler(handler: UniversalHandler, { detach, limits, observer }: SpliceOptions): SplicedHandler {
  const { methodKind } = handler.method;
  return {
    method: handler.method,
    takesStream: methodKind === "client_streaming" || methodKind === "bidi_streaming",
    givesStream: methodKind === "server_streaming" || methodKind === "bidi_streaming",
    async answer(arrived, from) {
      const observed = observer && beginCall(observer, handler.method, arrived, from);
      const bytes = new EndableBytes(arrived.body);
      const failRequest = (reason: unknown): void => bytes.fail(reason);
      const { checkHead, ...request } = guardRequest({ ...arrived, body: bytes }, handler.method, {
        limits,
        onError: (reason) => observed?.noteReason(reason),
      });
      const isSpliced = splicedContentType.test(request.header.get("content-type") ?? "");
      const queueFor = (direction: "input" | "output"): BodyQueue | undefined =>
        isSpliced && carriesFlightData(handler.method, direction) ? new BodyQueue() : undefined;
      const requestBodies = queueFor("input");
      const responseBodies = queueFor("output");
      const arrival: Arrival = { ...from, requestBodies, responseBodies, checkHead, failRequest };
      const call = new AbortController();
      const response = await handler({
        ...request,
        header: withAcceptedEncodings(request.header),
        body: requestBodies ? detach(request.body, requestBodies, call.signal) : request.body,
        contextValues: createContextValues().set(arrivalKey, arrival).set(observedKey, observed),
      });
      if (observed) endWithRequest(observed, arrived.signal, response);
      if (request.method === "GET" && methodKind === "unary") return await tagAnswer(request.header, response);
      if (response.body === undefined) return response;
      const spliced = responseBodies ? attachBodies(response.body, responseBodies) : response.body;
      const answered = requestBodies ? thenEnd(spliced, call) : spliced;
      return response.trailer
        ? { ...response, body: endWithStatus(answered, response.trailer) }
        : { ...response, body: answered };
    },
  };
}

/** The request headers with accepted compressions: of gRPC and gRPC-Web, of Connect's streams, and of HTTP. */
const acceptHeaders = ["grpc-accept-encoding", "connect-accept-encoding", "accept-encoding"];

/** A client that accepts no compression gets none. By default, Connect uses the compression of the request. */
function withAcceptedEncodings(header: Headers): Headers {
  const named = new Headers(header);
  for (const name of acceptHeaders) if (!named.get(name)) named.set(name, "identity");
  return named;
}

/** Forwards a response, and reports when it has ended. */
async function* thenEnd(bytes: AsyncIterable<Uint8Array>, call: AbortController): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } finally {
    call.abort(callEnded);
  }
}

/**
 * An error in the middle of a body is outside of Connect's control. If the protocol has trailers, they tell the client
 * the reason.
 */
async function* endWithStatus(bytes: AsyncIterable<Uint8Array>, trailer: Headers): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (reason) {
    setTrailerStatus(trailer, toConnectError(reason));
  }
  boundTrailer(trailer);
}
