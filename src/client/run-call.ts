import { createContextValues, type CallOptions as ConnectCallOptions } from "@connectrpc/connect";
import { toFlightError } from "../flight/index.ts";
import { answerHeaderKey, AnswerTeller, type AnswerHeader } from "./answer-metadata.ts";
import { callBodiesKey, type CallBodies } from "./splice-bodies.ts";

/** Headers by name. */
export type HeaderFields = Headers | Readonly<Record<string, string>> | [name: string, value: string][];

/** What goes with a call besides its request. */
export interface CallOptions {
  /** Ends the call; it then fails with CANCELLED. */
  readonly signal?: AbortSignal | undefined;
  /**
   * When the call ends with DEADLINE_EXCEEDED, in milliseconds from its start; never by default, nor with 0. What takes several
   * calls, as reading a flight does, has this time for all of them. The server is told how much of it is left.
   */
  readonly timeoutMs?: number | undefined;
  /** Headers of this call, over those of the client. */
  readonly headers?: HeaderFields | undefined;
  /** Gets the headers of the response, before its first message, or its error; of each, where it takes several calls. */
  readonly onHeader?: ((headers: Headers) => void) | undefined;
  /** Gets the trailers of the response, after its last message, or its error; of each, where it takes several calls. */
  readonly onTrailer?: ((trailers: Headers) => void) | undefined;
}

/** A call, as its caller wants it. */
export interface CallRequest {
  /** Go with every call of the client. */
  readonly clientHeaders: Headers;
  readonly options: CallOptions;
  /** Where the bodies of its FlightData are beside its messages; left out for a call without any. */
  readonly bodies?: CallBodies;
}

/** Options as Connect takes them; the call's own headers go over the client's. */
export function toConnectOptions({ clientHeaders, options, bodies }: CallRequest): OpenCall {
  const headers = new Headers(clientHeaders);
  for (const [name, value] of new Headers(options.headers)) headers.set(name, value);
  const { signal, timeoutMs, onHeader, onTrailer } = options;
  const answer: AnswerHeader = {};
  const teller = new AnswerTeller({ ...(onHeader && { onHeader }), ...(onTrailer && { onTrailer }) }, answer);
  const connectOptions = {
    headers,
    ...(signal && { signal }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    onHeader: (header: Headers) => teller.onHeader(header),
    ...(onTrailer && { onTrailer }),
    contextValues: createContextValues().set(answerHeaderKey, answer).set(callBodiesKey, bodies),
  };
  return { connectOptions, teller };
}

/** What Connect is given for a call, and who tells of its failure. */
interface OpenCall {
  readonly connectOptions: ConnectCallOptions;
  readonly teller: AnswerTeller;
}

/**
 * Runs a call with one answer.
 *
 * @throws FlightError with the code and the words of the server
 */
export async function runUnary<T>(
  request: CallRequest,
  call: (connectOptions: ConnectCallOptions) => Promise<T>,
): Promise<T> {
  const { connectOptions, teller } = toConnectOptions(request);
  try {
    return await call(connectOptions);
  } catch (reason) {
    teller.onFailure(reason);
    throw toFlightError(reason);
  }
}

/** What a streaming call is started with. */
export interface StreamStart {
  /** Their signal is aborted when the caller's is, when the answers are left, and when the requests fail. */
  readonly connectOptions: ConnectCallOptions;
  /** Passes requests on; when their source throws, the call ends, and the caller gets that very error. */
  watch<T>(requests: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T>;
}

/**
 * Runs a streaming call, which begins when its first answer is asked for. Leaving the answers (`break`, `return()`)
 * cancels the call on the server.
 *
 * @throws FlightError with the code and the words of the server; what the source of the requests has thrown
 */
export async function* runStream<T>(
  request: CallRequest,
  start: (start: StreamStart) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  const leaving = new AbortController();
  const callerSignal = request.options.signal;
  const signal = callerSignal ? AbortSignal.any([callerSignal, leaving.signal]) : leaving.signal;
  let failure: { readonly reason: unknown } | undefined;
  const watch = async function* <R>(requests: AsyncIterable<R> | Iterable<R>): AsyncGenerator<R> {
    const iterator = iterate(requests);
    try {
      for (;;) {
        const next = await iterator.next().catch((reason: unknown) => {
          failure = { reason };
          leaving.abort(reason);
          throw reason;
        });
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await iterator.return(undefined);
    }
  };
  const { connectOptions, teller } = toConnectOptions({ ...request, options: { ...request.options, signal } });
  try {
    yield* start({ connectOptions, watch });
  } catch (reason) {
    teller.onFailure(reason);
    throw failure && !callerSignal?.aborted ? failure.reason : toFlightError(reason);
  } finally {
    leaving.abort();
  }
}

async function* iterate<T>(source: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
  yield* source;
}
