import type { UniversalClientFn, UniversalClientResponse } from "@connectrpc/connect/protocol";
import { takeStatusDetails } from "../flight/index.ts";

/**
 * Wraps an HTTP client for gRPC so that the status of responses has only a code and a message, as on all Flight
 * servers.
 */
export function hideStatusDetails(httpClient: UniversalClientFn): UniversalClientFn {
  return async (request) => {
    const response = await httpClient(request);
    takeStatusDetails(response.header);
    return { ...response, body: hideAtEnd(response) };
  };
}

/** The trailers are available when the body has ended. */
async function* hideAtEnd({ body, trailer }: UniversalClientResponse): AsyncGenerator<Uint8Array> {
  yield* body;
  takeStatusDetails(trailer);
}
