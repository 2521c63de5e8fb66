import type { DescMessage, DescMethod, DescMethodStreaming, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import { ConnectError, type Transport } from "@connectrpc/connect";
import type { UniversalClientFn, UniversalClientResponse } from "@connectrpc/connect/protocol";
import {
  createTransport,
  findTrailerError,
  headerGrpcStatus,
  requestHeader,
  validateResponseWithCompression,
} from "@connectrpc/connect/protocol-grpc";
import { flightInfoBytesMax } from "../dataset/index.ts";
import {
  attachBodies,
  controlMessageBytesMax,
  detachMessages,
  FlightError,
  injectTrace,
  messageBytesMax,
  type BodyQueue,
} from "../flight/index.ts";
import type { CallContext } from "../producer/index.ts";
import { AnswerMetadata } from "./answer-metadata.ts";
import { explainFailure } from "./explain-failure.ts";
import type { Upstream } from "./upstream.ts";

/** The queues for messages with FlightData, which bypass Connect; omitted for a direction without FlightData. */
export interface CallQueues {
  readonly request?: BodyQueue;
  readonly response?: BodyQueue;
}

/** Makes a client's unary call to the upstream, and forwards the metadata of the response. */
export async function callUnary<Input extends DescMessage, Output extends DescMessage>(
  context: CallContext,
  upstream: Upstream,
  method: DescMethodUnary<Input, Output>,
  request: MessageShape<Input>,
): Promise<MessageShape<Output>> {
  const metadata = new AnswerMetadata(context, upstream.filterAnswer);
  const transport = openTransport(metadata.over(upstream.oneWay), upstream.url, flightInfoBytesMax);
  const header = upstreamHeader(context, upstream);
  try {
    const { message } = await transport.unary(method, context.signal, context.timeoutMs(), header, request as never);
    metadata.passTrailers();
    return message;
  } catch (reason) {
    throw toClientError(reason, metadata);
  }
}

/**
 * Makes a client's streaming call to the upstream, and forwards the metadata of the response. If the caller stops
 * reading early, the call ends at the upstream.
 *
 * @param queues - the queues for FlightData messages. Connect sends and receives an empty message in place of each.
 */
export async function* callStream<Input extends DescMessage, Output extends DescMessage>(
  context: CallContext,
  upstream: Upstream,
  method: DescMethodStreaming<Input, Output>,
  call: { readonly requests: AsyncIterable<MessageShape<Input>> | readonly MessageShape<Input>[] } & CallQueues,
): AsyncGenerator<MessageShape<Output>, void, undefined> {
  const leaving = new AbortController();
  const signal = AbortSignal.any([context.signal, leaving.signal]);
  const metadata = new AnswerMetadata(context, upstream.filterAnswer);
  const httpClient = method.methodKind === "bidi_streaming" ? upstream.twoWay : upstream.oneWay;
  const transport = openTransport(
    splice(metadata.over(httpClient), call, metadata),
    upstream.url,
    controlMessageBytesMax,
  );
  const header = upstreamHeader(context, upstream);
  try {
    const requests = iterate(call.requests) as AsyncIterable<never>;
    const { message } = await transport.stream(method, signal, context.timeoutMs(), header, requests);
    yield* message;
    metadata.passTrailers();
  } catch (reason) {
    throw toClientError(reason, metadata);
  } finally {
    leaving.abort();
  }
}

async function* iterate<T>(source: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
  yield* source;
}

/**
 * Forwards a client's call to the upstream as bytes. If the caller stops reading early, the call ends at the upstream.
 *
 * @returns the bytes of the response, once its headers have arrived
 */
export async function forwardCall(
  context: CallContext,
  upstream: Upstream,
  {
    method: { kind, path },
    requests,
  }: { readonly method: ForwardedPath; readonly requests: AsyncIterable<Uint8Array> },
): Promise<AsyncIterable<Uint8Array>> {
  const metadata = new AnswerMetadata(context, upstream.filterAnswer);
  const timeoutMs = context.timeoutMs();
  const request = {
    url: `${upstream.url.href.replace(/\/$/, "")}${path}`,
    method: "POST",
    header: requestHeader(true, timeoutMs && Math.ceil(timeoutMs), upstreamHeader(context, upstream)),
    body: requests,
    signal: context.signal,
  };
  try {
    const response = await (kind === "bidi_streaming" ? upstream.twoWay : upstream.oneWay)(request);
    metadata.begin(response);
    validateResponseWithCompression([], response.status, response.header);
    return readForwarded(response, metadata);
  } catch (reason) {
    throw toClientError(reason, metadata);
  }
}

/** A method of the upstream. */
export interface ForwardedPath {
  readonly kind: DescMethod["methodKind"];
  /** Such as `/arrow.flight.protocol.FlightService/DoGet`. */
  readonly path: string;
}

async function* readForwarded(
  { body }: UniversalClientResponse,
  metadata: AnswerMetadata,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of body) yield chunk;
    const last = metadata.end();
    const failure = findTrailerError(last);
    if (failure) throw failure;
    if (!last.has(headerGrpcStatus)) throw endedEarly();
    metadata.passTrailers();
  } catch (reason) {
    throw toClientError(reason, metadata);
  }
}

function endedEarly(): FlightError {
  return new FlightError("unavailable", "the upstream server ended its response early");
}

/** Returns the headers for the upstream, including the trace of this server's call, if there is one. */
function upstreamHeader(context: CallContext, upstream: Upstream): Headers {
  const header = upstream.filterRequest(context.requestHeader);
  injectTrace(header);
  return header;
}

/** Creates a transport for one call, which is cheap. */
function openTransport(httpClient: UniversalClientFn, url: URL, readMaxBytes: number): Transport {
  return createTransport({
    httpClient,
    baseUrl: url.href,
    useBinaryFormat: true,
    interceptors: [],
    acceptCompression: [],
    sendCompression: null,
    compressMinBytes: messageBytesMax,
    readMaxBytes,
    writeMaxBytes: messageBytesMax,
  });
}

function splice(
  httpClient: UniversalClientFn,
  { request: sent, response: received }: CallQueues,
  metadata: AnswerMetadata,
): UniversalClientFn {
  return async (request) => {
    const response = await httpClient(
      sent && request.body ? { ...request, body: attachBodies(request.body, sent) } : request,
    );
    if (received === undefined || response.status !== 200) return response;
    return { ...response, body: detachMessages(explained(response, metadata), received) };
  };
}

/** Messages bypass Connect, so a truncated message may have its reason in the trailers. */
async function* explained({ body, header, trailer }: UniversalClientResponse, metadata: AnswerMetadata) {
  try {
    yield* body;
    const failure = findTrailerError(trailer);
    if (failure) throw failure;
    if (!header.has(headerGrpcStatus) && !trailer.has(headerGrpcStatus)) {
      throw endedEarly();
    }
  } catch (reason) {
    throw toClientError(reason, metadata);
  }
}

/** The errors that were already converted for the client. */
const translated = new WeakSet<Error>();

/** Returns the error for the client: the upstream's error, or the reason why it is not reachable. */
function toClientError(reason: unknown, metadata: AnswerMetadata): Error {
  for (let each = reason; each instanceof Error; each = each.cause) {
    if (each instanceof FlightError || translated.has(each)) return each;
  }
  const error = translate(ConnectError.from(reason), metadata);
  translated.add(error);
  return error;
}

function translate(error: ConnectError, metadata: AnswerMetadata): Error {
  if (error.isWireError) return new ConnectError(error.rawMessage, error.code, metadata.errorMetadata());
  // The error is from this side: the connection was lost, or the response was not from a Flight server.
  return error.cause instanceof Error
    ? explainFailure(error)
    : new ConnectError(`the upstream server: ${error.rawMessage}`, error.code);
}
