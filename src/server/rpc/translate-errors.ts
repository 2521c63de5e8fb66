import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { toConnectError } from "../../flight/index.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";

/** A request of plain HTTP, as the translator counts and logs it. */
export interface HttpCall {
  /** The name in metrics and in the log, such as `GET /metrics`. */
  readonly name: string;
  /** Aborts when the client has left. */
  readonly signal: AbortSignal;
}

/**
 * Runs the handlers of RPCs and of HTTP endpoints. It counts each call, and translates what its handler throws into the
 * error that the client sees. No other code decides what a client is told.
 */
export interface ErrorTranslator {
  /** Returns the error that a client sees; for what is thrown outside of a handler. */
  translate(call: HandlerContext | HttpCall, reason: unknown): ConnectError;
  /** Runs a handler that returns one message. @throws ConnectError */
  unary<T>(call: HandlerContext | HttpCall, handle: () => Promise<T>): Promise<T>;
  /** Runs a handler that returns a stream of messages. @throws ConnectError */
  stream<T>(call: HandlerContext | HttpCall, handle: () => AsyncIterable<T>): AsyncGenerator<T>;
  /** Runs a handler that returns an HTTP response; the call ends with the response's body. @throws ConnectError */
  response(call: HttpCall, handle: () => Promise<UniversalServerResponse>): Promise<UniversalServerResponse>;
}

/** Returns a translator that writes errors which clients are not told of (INTERNAL) to the log in full. */
export function createErrorTranslator(logger: Logger, metrics: Metrics): ErrorTranslator {
  const translate = (call: HandlerContext | HttpCall, reason: unknown): ConnectError => {
    // Once a call has ended, whatever is thrown comes of that: the deadline or the cancellation is the cause.
    if (call.signal.aborted) return ConnectError.from(call.signal.reason, Code.Canceled);
    const error = toConnectError(reason);
    if (error.code === Code.Internal) logger.error({ err: reason, method: nameOf(call) }, "a call failed");
    return error;
  };
  /** Begins a call; `fail` ends it and returns the error to throw. */
  const begin = (call: HandlerContext | HttpCall) => {
    const end = metrics.begin(nameOf(call));
    const fail = (reason: unknown): ConnectError => {
      const error = translate(call, reason);
      end(error.code);
      return error;
    };
    return { end, fail };
  };
  return {
    translate,
    async unary(call, handle) {
      const { end, fail } = begin(call);
      try {
        const answer = await handle();
        end();
        return answer;
      } catch (reason) {
        throw fail(reason);
      }
    },
    async *stream(call, handle) {
      yield* untilEnd(handle, begin(call));
    },
    async response(call, handle) {
      const running = begin(call);
      try {
        const response = await handle();
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
  readonly end: (code?: Code) => void;
  readonly fail: (reason: unknown) => ConnectError;
}

async function* untilEnd<T>(handle: () => AsyncIterable<T>, { end, fail }: RunningCall): AsyncGenerator<T> {
  let hasEnded = false;
  try {
    yield* handle();
    end();
    hasEnded = true;
  } catch (reason) {
    hasEnded = true;
    throw fail(reason);
  } finally {
    // The client left before the end.
    if (!hasEnded) end(Code.Canceled);
  }
}

function nameOf(call: HandlerContext | HttpCall): string {
  return "name" in call ? call.name : `${call.service.typeName}/${call.method.name}`;
}
