import type { Transport } from "@connectrpc/connect";
import { carriesFlightData } from "../flight/index.ts";

/**
 * Sends calls by a transport of the caller's, such as one of `@connectrpc/connect-web`, as far as it can carry them:
 * calls with two streams, and calls whose answers are Arrow data, go by our own, which does not copy bodies.
 */
export function shareTransport(given: Transport, own: Transport): Transport {
  return {
    unary: async (...call) => await given.unary(...call),
    stream: async (method, ...call) => {
      const isOurs = method.methodKind === "bidi_streaming" || carriesFlightData(method, "output");
      return await (isOurs ? own : given).stream(method, ...call);
    },
  };
}
