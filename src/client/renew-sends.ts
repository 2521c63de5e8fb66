import { Code, ConnectError, createContextKey, type ContextKey, type Transport } from "@connectrpc/connect";
import type { Credentials } from "./credentials.ts";

/** A call stores its credentials here for its Sends; undefined if they cannot be renewed. */
export const credentialsKey: ContextKey<Credentials | undefined> = createContextKey<Credentials | undefined>(undefined);

/**
 * Wraps a transport so that unary calls use the current credentials. A duplex stream may live longer than a token, and
 * each Send would use the headers of its Open. The caller renews the credentials of the stream itself.
 */
export function renewSends(transport: Transport, credentials: Credentials): Transport {
  return {
    stream: async (...call) => await transport.stream(...call),
    unary: async (method, signal, timeoutMs, header, input, contextValues) => {
      const send: typeof transport.unary = async (...call) => await transport.unary(...call);
      const sendAs = async (authorization: string) => {
        const headers = new Headers(header);
        headers.set("authorization", authorization);
        return await send(method, signal, timeoutMs, headers, input, contextValues);
      };
      const authorization = await credentials.authorization();
      try {
        return await sendAs(authorization);
      } catch (reason) {
        if (!(reason instanceof ConnectError) || reason.code !== Code.Unauthenticated) throw reason;
        const renewed = await credentials.renew(authorization);
        if (renewed === undefined) throw reason;
        return await sendAs(renewed);
      }
    },
  };
}
