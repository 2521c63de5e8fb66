import { createContextKey, type ContextKey, type ContextValues, type Transport } from "@connectrpc/connect";
import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import { attachBodies, BodyQueue, carriesFlightData, detachBodies, messageBytesMax } from "../flight/index.ts";
import { answerHeaderKey, noteHeader } from "./answer-metadata.ts";

/** The queues for the bodies of a call's FlightData, which bypass Connect. */
export interface CallBodies {
  /** Takes the bodies of requests; undefined if they stay in their messages. */
  request?: BodyQueue;
  /** Returns the bodies of responses; undefined if the bodies are in their messages. */
  response?: BodyQueue;
}

/**
 * A call stores its queues for bodies here. A transport that supports them adds the queues. With other transports,
 * bodies stay in the messages.
 */
export const callBodiesKey: ContextKey<CallBodies | undefined> = createContextKey<CallBodies | undefined>(undefined);

/**
 * Creates a transport whose FlightData bodies bypass Connect, which would copy them several times. It also stores the
 * response headers for `AnswerTeller`.
 *
 * @param createTransport - creates the transport of a protocol with an HTTP client. It is called for each call, so it
 * must be cheap.
 */
export function createSplicingTransport(
  createTransport: (httpClient: UniversalClientFn) => Transport,
  httpClient: UniversalClientFn,
): Transport {
  const noting = (contextValues: ContextValues | undefined): UniversalClientFn => {
    const answer = contextValues?.get(answerHeaderKey);
    return answer ? noteHeader(httpClient, answer) : httpClient;
  };
  return {
    unary: async (method, signal, timeoutMs, header, input, contextValues) => {
      const transport = createTransport(noting(contextValues));
      return await transport.unary(method, signal, timeoutMs, header, input, contextValues);
    },
    stream: async (method, signal, timeoutMs, header, input, contextValues) => {
      const bodies = contextValues?.get(callBodiesKey);
      if (bodies && carriesFlightData(method, "input")) bodies.request = new BodyQueue();
      if (bodies && carriesFlightData(method, "output")) bodies.response = new BodyQueue();
      const client = noting(contextValues);
      const transport = createTransport(bodies ? splice(client, bodies) : client);
      return await transport.stream(method, signal, timeoutMs, header, input, contextValues);
    },
  };
}

function splice(httpClient: UniversalClientFn, bodies: CallBodies): UniversalClientFn {
  return async (request) => {
    const response = await httpClient(
      bodies.request && request.body ? { ...request, body: attachBodies(request.body, bodies.request) } : request,
    );
    // An unsuccessful response has no envelopes. Connect reads its error.
    if (!bodies.response || response.status !== 200) return response;
    const body = detachBodies(response.body, bodies.response, { messageBytesMax });
    return { ...response, body: preferStatus(body, response.trailer) };
  };
}

/** A truncated message may have its reason in the trailers, where Connect reads it. */
async function* preferStatus(body: AsyncIterable<Uint8Array>, trailer: Headers): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (reason) {
    if ((trailer.get("grpc-status") ?? "0") === "0") throw reason;
  }
}
