import type { Transport } from "@connectrpc/connect";
import { carriesFlightData } from "../flight/index.ts";

/**
 * Creates a transport that uses the caller's transport, such as one of `@connectrpc/connect-web`, if it can carry the
 * call. Calls with two streams, and calls whose responses are Arrow data, use our own transport, which does not copy
 * bodies.
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
