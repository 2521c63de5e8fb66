import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { isNativeGrpc, toConnectError } from "../../flight/index.ts";
import type { ObservedCall } from "../calls/call-observer.ts";
import { noSpan, type CallSpan } from "../calls/call-span.ts";
import type { Logger } from "../logger.ts";
import { challenge } from "../http/json-error.ts";
import { methodOf, observedKey } from "./call-context.ts";

/** A plain HTTP request, as the translator counts and logs it. */
export interface HttpCall {
  /** The name in the log, such as `GET /metrics`. */
  readonly name: string;
  /** The observation of the call, which ends with the response; undefined for calls that are not observed. */
  readonly observed?: ObservedCall | undefined;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
}

/**
 * Runs the handlers of RPCs and of HTTP endpoints. It ends the observation of each call, and translates the errors of
 * handlers for the client. No other code decides which error a client gets.
 */
export interface ErrorTranslator {
  /** Returns the error that the client gets; for errors outside of handlers. */
  translate(call: HandlerContext | HttpCall, reason: unknown): ConnectError;
  /** Runs a handler that returns one message. @throws ConnectError */
  unary<T>(call: HandlerContext | HttpCall, handle: () => Promise<T>): Promise<T>;
  /** Runs a handler that returns a stream of messages. @throws ConnectError */
  stream<T>(call: HandlerContext | HttpCall, handle: () => AsyncIterable<T>): AsyncGenerator<T>;
  /** Runs a handler that returns an HTTP response; the call ends with the response's body. @throws ConnectError */
  response(call: HttpCall, handle: () => Promise<UniversalServerResponse>): Promise<UniversalServerResponse>;
}

/** Creates a translator. It logs errors whose details clients do not get (INTERNAL). */
export function createErrorTranslator(logger: Logger): ErrorTranslator {
  const translate = (call: HandlerContext | HttpCall, reason: unknown): ConnectError => {
    // After the end of a call, errors are consequences of the deadline or the cancellation.
    if (call.signal.aborted) return ConnectError.from(call.signal.reason, Code.Canceled);
    observedOf(call)?.noteReason(reason);
    const error = toConnectError(reason);
    if (error.code === Code.Internal) logger.error({ err: reason, method: nameOf(call) }, "a call failed");
    if (error.code === Code.Unauthenticated) addChallenge(call, error);
    return error;
  };
  const begin = (call: HandlerContext | HttpCall): RunningCall => {
    const observed = observedOf(call);
    const end = (code?: Code): void => observed?.end(code);
    const fail = (reason: unknown): ConnectError => {
      const error = translate(call, reason);
      end(error.code);
      return error;
    };
    return { end, fail, span: observed?.span ?? noSpan };
  };
  return {
    translate,
    async unary(call, handle) {
      const { end, fail, span } = begin(call);
      try {
        const answer = await span.run(handle);
        end();
        return answer;
      } catch (reason) {
        throw fail(reason);
      }
    },
    stream: (call, handle) => untilEnd(handle, begin(call)),
    async response(call, handle) {
      const running = begin(call);
      try {
        const response = await running.span.run(handle);
        const { body } = response;
        if (body !== undefined) return { ...response, body: untilEnd(() => body, running) };
        running.end();
        return response;
      } catch (reason) {
        throw running.fail(reason);
      }
    },
  };
}

interface RunningCall {
  readonly span: CallSpan;
  readonly end: (code?: Code) => void;
  /** Ends the call, and returns the error to throw. */
  readonly fail: (reason: unknown) => ConnectError;
}

async function* untilEnd<T>(handle: () => AsyncIterable<T>, { end, fail, span }: RunningCall): AsyncGenerator<T> {
  let hasEnded = false;
  try {
    yield* span.stream(handle);
    end();
    hasEnded = true;
  } catch (reason) {
    hasEnded = true;
    throw fail(reason);
  } finally {
    // The client disconnected before the end.
    if (!hasEnded) end(Code.Canceled);
  }
}

function observedOf(call: HandlerContext | HttpCall): ObservedCall | undefined {
  return "name" in call ? call.observed : call.values.get(observedKey);
}

function nameOf(call: HandlerContext | HttpCall): string {
  return "name" in call ? call.name : methodOf(call);
}

/** Adds the challenge that an HTTP response with status 401 needs. Source: RFC 9110, section 15.5.2. */
function addChallenge(call: HandlerContext | HttpCall, { metadata }: ConnectError): void {
  if ("name" in call || isNativeGrpc(call.requestHeader.get("content-type"))) return;
  if (!metadata.has("www-authenticate")) metadata.set("www-authenticate", challenge);
}
