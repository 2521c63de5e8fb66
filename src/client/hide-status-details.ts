import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import { takeStatusDetails, watchEnd } from "../flight/index.ts";

/**
 * Wraps an HTTP client for gRPC so that the status of responses has only a code and a message, as on all Flight
 * servers.
 */
export function hideStatusDetails(httpClient: UniversalClientFn): UniversalClientFn {
  return async (request) => {
    const response = await httpClient(request);
    takeStatusDetails(response.header);
    // The trailers are available when the body has ended.
    return { ...response, body: watchEnd(response.body, () => takeStatusDetails(response.trailer)) };
  };
}
