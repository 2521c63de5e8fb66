import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { toConnectError } from "../../flight/index.ts";
import type { Logger } from "../logger.ts";
import type { Metrics } from "../metrics.ts";

/** Runs handlers, and translates at this one place what they throw. */
export interface Door {
  /** A unary handler's answer. */
  one<T>(context: HandlerContext, answer: () => Promise<T>): Promise<T>;
  /** A streaming handler's answers. */
  many<T>(context: HandlerContext, answers: () => AsyncIterable<T>): AsyncGenerator<T>;
}

/** Makes the door; errors that the client is not told of (INTERNAL) go to the log in full. Calls are counted here. */
export function createDoor(logger: Logger, metrics: Metrics): Door {
  const begin = ({ service, method }: HandlerContext) => metrics.begin(`${service.typeName}/${method.name}`);
  const translate = (context: HandlerContext, reason: unknown): ConnectError => {
    // Once a call has ended, whatever is thrown comes of that: the deadline or the cancellation is the cause.
    if (context.signal.aborted) return ConnectError.from(context.signal.reason, Code.Canceled);
    const error = toConnectError(reason);
    if (error.code === Code.Internal) logger.error({ err: reason, method: context.method.name }, "a call failed");
    return error;
  };
  return {
    async one(context, answer) {
      const end = begin(context);
      try {
        const answered = await answer();
        end();
        return answered;
      } catch (reason) {
        const error = translate(context, reason);
        end(error.code);
        throw error;
      }
    },
    async *many(context, answers) {
      const end = begin(context);
      // What ends neither well nor with an error was left.
      let code: Code | undefined = Code.Canceled;
      try {
        yield* answers();
        code = undefined;
      } catch (reason) {
        const error = translate(context, reason);
        ({ code } = error);
        throw error;
      } finally {
        end(code);
      }
    },
  };
}
