import { createContextKey, type ContextKey } from "@connectrpc/connect";
import type { UniversalClientFn, UniversalClientRequest } from "@connectrpc/connect/protocol";
import type { Credentials } from "./credentials.ts";

/** A call stores its credentials here for its Sends; undefined if they cannot be renewed. */
export const credentialsKey: ContextKey<Credentials | undefined> = createContextKey<Credentials | undefined>(undefined);

const unauthenticatedStatus = 401;

/**
 * Wraps the HTTP client of Sends so that they use the current credentials. A duplex stream may live longer than a token,
 * and each Send would use the headers of its Open. The caller renews the credentials of the stream itself.
 */
export function renewSends(httpClient: UniversalClientFn, credentials: Credentials): UniversalClientFn {
  return async (request) => {
    const authorization = await credentials.authorization();
    const response = await httpClient(withAuthorization(request, authorization));
    if (response.status !== unauthenticatedStatus) return response;
    const renewed = await credentials.renew(authorization);
    if (renewed === undefined) return response;
    // A response whose body is not read keeps its connection.
    for await (const _ of response.body);
    return await httpClient(withAuthorization(request, renewed));
  };
}

function withAuthorization(request: UniversalClientRequest, authorization: string): UniversalClientRequest {
  const header = new Headers(request.header);
  header.set("authorization", authorization);
  return { ...request, header };
}
