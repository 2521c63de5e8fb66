import type { UniversalClientFn, UniversalClientResponse } from "@connectrpc/connect/protocol";
import { takeStatusDetails } from "../flight/index.ts";

/** An HTTP client for gRPC whose answers' status is the plain code and message, as any Flight server writes them. */
export function hideStatusDetails(httpClient: UniversalClientFn): UniversalClientFn {
  return async (request) => {
    const response = await httpClient(request);
    takeStatusDetails(response.header);
    return { ...response, body: hideAtEnd(response) };
  };
}

/** Trailers are there when the body has ended. */
async function* hideAtEnd({ body, trailer }: UniversalClientResponse): AsyncGenerator<Uint8Array> {
  yield* body;
  takeStatusDetails(trailer);
}
