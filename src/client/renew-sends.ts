import { Code, ConnectError, createContextKey, type ContextKey, type Transport } from "@connectrpc/connect";
import type { Credentials } from "./credentials.ts";

/** Where a call says whose credentials are in its headers; undefined where they cannot be renewed. */
export const credentialsKey: ContextKey<Credentials | undefined> = createContextKey<Credentials | undefined>(undefined);

/**
 * A transport whose calls with one answer take the credentials of their time: a duplex stream lives longer than a token,
 * and each of its Sends is made with the headers of its Open. The stream itself is the caller's to renew.
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
