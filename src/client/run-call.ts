import { createContextValues, type CallOptions as ConnectCallOptions } from "@connectrpc/connect";
import { toFlightError } from "../flight/index.ts";
import { answerHeaderKey, AnswerTeller, type AnswerHeader } from "./answer-metadata.ts";
import { CallAttempts, runAttempts, toHeaders, type AuthorizedRequest } from "./call-attempts.ts";
import { credentialsKey } from "./renew-sends.ts";
import { RequestSource } from "./request-source.ts";
import { callBodiesKey, type CallBodies } from "./splice-bodies.ts";

/** Header fields, by name. */
export type HeaderFields = Headers | Readonly<Record<string, string>> | [name: string, value: string][];

/** Options of a call. */
export interface CallOptions {
  /** Cancels the call, which then fails with CANCELLED. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The time limit in milliseconds, after which the call fails with DEADLINE_EXCEEDED; no limit by default, or if it is
   * 0. An operation of several calls, such as reading a flight, has this time for all of them. The server gets the
   * limit too.
   */
  readonly timeoutMs?: number | undefined;
  /** Request headers of this call. They replace headers of the client with the same names. */
  readonly headers?: HeaderFields | undefined;
  /** Called with the response headers of each call, before the first message or the error. */
  readonly onHeader?: ((headers: Headers) => void) | undefined;
  /** Called with the response trailers of each call, after the last message or the error. */
  readonly onTrailer?: ((trailers: Headers) => void) | undefined;
}

/** A call with its headers, options and credentials. */
export interface CallRequest extends AuthorizedRequest {
  /** The bodies of FlightData that bypass Connect; omitted for a call without FlightData. */
  readonly bodies?: CallBodies;
}

/** Converts options to Connect's. The call's own headers replace the client's. */
export function toConnectOptions(request: CallRequest): OpenCall {
  const { signal, timeoutMs, onHeader, onTrailer } = request.options;
  const answer: AnswerHeader = {};
  const teller = new AnswerTeller({ ...(onHeader && { onHeader }), ...(onTrailer && { onTrailer }) }, answer);
  const connectOptions = {
    headers: toHeaders(request),
    ...(signal && { signal }),
    // Only whole milliseconds fit into the header.
    ...(timeoutMs !== undefined && { timeoutMs: Math.ceil(timeoutMs) }),
    onHeader: (header: Headers) => teller.onHeader(header),
    ...(onTrailer && { onTrailer }),
    contextValues: createContextValues()
      .set(answerHeaderKey, answer)
      .set(callBodiesKey, request.bodies)
      .set(credentialsKey, request.authorization === undefined ? undefined : request.credentials),
  };
  return { connectOptions, teller };
}

/** The options for Connect, and the handler of a failure. */
interface OpenCall {
  readonly connectOptions: ConnectCallOptions;
  readonly teller: AnswerTeller;
}

/**
 * Runs a call with one response. If the server refuses the credentials, they are renewed and the call runs once more.
 *
 * @throws FlightError with the server's code and message
 */
export async function runUnary<T>(
  request: CallRequest,
  call: (connectOptions: ConnectCallOptions) => Promise<T>,
): Promise<T> {
  return await runAttempts(request, async (each) => {
    const { connectOptions, teller } = toConnectOptions(each);
    try {
      return await call(connectOptions);
    } catch (reason) {
      teller.onFailure(reason);
      throw toFlightError(reason);
    }
  });
}

/** The arguments for starting a streaming call. */
export interface StreamStart {
  /**
   * The signal in them aborts when the caller's signal aborts, when the caller stops reading, and when the requests
   * fail.
   */
  readonly connectOptions: ConnectCallOptions;
  /**
   * Forwards requests. If their source throws, the call ends, and the caller gets that error.
   *
   * @param byteLengthOf - returns the memory of a request that may be sent again
   */
  watch<T>(requests: AsyncIterable<T> | Iterable<T>, byteLengthOf?: (request: T) => number): AsyncGenerator<T>;
}

type StartStream<T> = (start: StreamStart) => AsyncIterable<T>;

/**
 * Runs a streaming call. It starts when its first response is requested. If the caller stops reading early (`break`,
 * `return()`), the call is cancelled on the server.
 *
 * If the server refuses the credentials before its first response, they are renewed and the call runs once more. This
 * needs all requests that were sent, so it is not done after more requests than can be kept.
 *
 * @throws FlightError with the server's code and message; errors of the source of requests
 */
export function runStream<T>(request: CallRequest, start: StartStream<T>): AsyncGenerator<T, void, undefined> {
  return request.credentials === undefined ? runOnce(request, start, {}) : runRenewed(request, start);
}

async function* runRenewed<T>(request: CallRequest, start: StartStream<T>): AsyncGenerator<T, void, undefined> {
  const attempts = new CallAttempts(request);
  const requests: OpenRequests = { mayRepeat: true };
  let hasAnswered = false;
  try {
    let attempt = await attempts.first();
    for (;;) {
      try {
        for await (const answer of runOnce(attempt, start, requests)) {
          hasAnswered = true;
          yield answer;
        }
        return;
      } catch (reason) {
        const canRepeat = !hasAnswered && requests.source?.isWhole !== false;
        const next = canRepeat ? await attempts.next(reason) : undefined;
        if (next === undefined) throw reason;
        attempt = next;
      }
    }
  } finally {
    await requests.source?.close();
  }
}

/** The requests of a call, shared by its attempts. */
interface OpenRequests {
  readonly mayRepeat?: boolean;
  /** The source; undefined until the first request is needed. */
  source?: RequestSource<unknown>;
}

async function* runOnce<T>(
  request: CallRequest,
  start: StartStream<T>,
  requests: OpenRequests,
): AsyncGenerator<T, void, undefined> {
  const leaving = new AbortController();
  const callerSignal = request.options.signal;
  const signal = callerSignal ? AbortSignal.any([callerSignal, leaving.signal]) : leaving.signal;
  let failure: { readonly reason: unknown } | undefined;
  const watch: StreamStart["watch"] = async function* <R>(
    items: AsyncIterable<R> | Iterable<R>,
    byteLengthOf?: (item: R) => number,
  ) {
    requests.source ??= new RequestSource<R>(
      items,
      requests.mayRepeat ? byteLengthOf : undefined,
    ) as RequestSource<unknown>;
    const source = requests.source as RequestSource<R>;
    try {
      for (let index = 0; ; index++) {
        const next = await source.at(index).catch((reason: unknown) => {
          failure = { reason };
          leaving.abort(reason);
          throw reason;
        });
        // A request that arrives after the attempt has ended is sent by the next attempt.
        if (next.done === true || leaving.signal.aborted) return;
        yield next.value;
      }
    } finally {
      await source.leave();
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
