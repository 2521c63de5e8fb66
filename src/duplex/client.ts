import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import { FlightError } from "../flight/index.ts";
import { DuplexService, type OpenResponse } from "../gen/hangar/v1/duplex_service_pb.ts";
import { splitCallUrl } from "./call-url.ts";
import { fromDuplexHeaders, streamIdHeader, toDuplexHeaders, toOuterHeaders } from "./headers.ts";
import { sendBody } from "./send-body.ts";
import { createSendPart } from "./send-piece.ts";
import { sendSizeOf } from "./send-size.ts";

type Event = OpenResponse["event"];
type EventOf<Case extends Event["case"]> = Extract<Event, { case: Case }>;

/**
 * The time that a response may still arrive after a Send has failed, in milliseconds. The response explains the failure
 * better.
 */
const answerGraceMs = 1_000;

/** What carries a duplex stream. */
export interface DuplexCarriers {
  /** Sends Open. It must have no interceptors, because the headers of the inner call are sent with Open and each Send. */
  readonly transport: Transport;
  /** Sends each Send. It may read a request body again to repeat the request. */
  readonly httpClient: UniversalClientFn;
}

/**
 * Creates an HTTP client that carries a call with two streams over calls with at most one. With Connect's gRPC
 * transport on top (`createTransport` of `@connectrpc/connect/protocol-grpc`), bidirectional calls work where a request
 * cannot be streamed, such as in a browser. See docs/duplex.md.
 *
 * The caller must read the response body to its end, or call `return()`, which ends the call on the server.
 */
export function createDuplexHttpClient({ transport, httpClient }: DuplexCarriers): UniversalClientFn {
  const client = createClient(DuplexService, transport);
  return async (request) => {
    const leaving = new AbortController();
    const signal = AbortSignal.any(request.signal ? [request.signal, leaving.signal] : [leaving.signal]);
    const headers = toOuterHeaders(request.header);
    // A load balancer that routes by this header brings all calls of the stream to one server.
    headers.set(streamIdHeader, createStreamId());
    const { base, path } = splitCallUrl(request.url);
    const opening = { path, headers: toDuplexHeaders(request.header) };
    const events = client.open(opening, { headers, signal })[Symbol.asyncIterator]();
    try {
      const { value: opened } = await nextEvent(events, ["opened"]);
      const send = createSendPart(httpClient, { base, headers, streamId: opened.streamId });
      const options = { limits: opened, size: sendSizeOf(base), send, signal };
      sendBody(request.body ?? [], options).catch((reason: unknown) => {
        const isSendsFault = reason instanceof ConnectError;
        const isLost = isSendsFault && reason.code === Code.NotFound;
        setTimeout(() => leaving.abort(isLost ? lostServer(reason) : reason), isSendsFault ? answerGraceMs : 0);
      });
      const { value: head } = await nextEvent(events, ["head"]);
      const trailer = new Headers();
      const body = readBody(events, trailer, leaving);
      return { status: head.status, header: fromDuplexHeaders(head.headers), body, trailer };
    } catch (reason) {
      leaving.abort(reason);
      throw reason;
    }
  };
}

/** Returns 192 random bits. The server takes them as the id of the stream. */
function createStreamId(): string {
  const bits = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...bits))
    .replaceAll("+", "-")
    .replaceAll("/", "_");
}

/** Another server got the Send: the one of the stream has ended, or a load balancer does not route by the stream's id. */
function lostServer(cause: ConnectError): FlightError {
  return new FlightError("unavailable", "the server that had this call is gone; try again", { cause });
}

/** The next event that is one of these; heartbeats are passed over. */
async function nextEvent<Case extends Event["case"]>(
  events: AsyncIterator<OpenResponse>,
  cases: readonly Case[],
): Promise<EventOf<Case>> {
  for (;;) {
    const next = await events.next();
    if (next.done === true) throw new FlightError("unavailable", `the stream ended before its ${cases.join(" or ")}`);
    const { event } = next.value;
    if (cases.includes(event.case as Case)) return event as EventOf<Case>;
    if (event.case !== "heartbeat") {
      throw new FlightError("internal", `the stream has ${event.case} where ${cases.join(" or ")} belongs`);
    }
  }
}

async function* readBody(
  events: AsyncIterator<OpenResponse>,
  trailer: Headers,
  leaving: AbortController,
): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const event = await nextEvent(events, ["chunk", "trailer"]);
      if (event.case === "chunk") {
        yield event.value;
        continue;
      }
      for (const [name, value] of fromDuplexHeaders(event.value.trailers)) trailer.set(name, value);
      return;
    }
  } finally {
    // What is still being sent has no reader any more; if the answer is left before its end, the call ends too.
    leaving.abort();
  }
}
