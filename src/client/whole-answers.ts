import { Code, ConnectError } from "@connectrpc/connect";
import type { UniversalClientFn, UniversalClientResponse } from "@connectrpc/connect/protocol";
import { watchEnd } from "../flight/index.ts";

/** The flags of a response's last envelope: gRPC-Web's trailers, or Connect's end of the stream. */
const lastFlags = 0x80 | 0x02;

const envelopeHeadBytes = 5;

/**
 * Wraps an HTTP client so that a streamed response is complete or ends with UNAVAILABLE. A proxy, or Node, may end a
 * response normally although its server was lost. Then the last envelope is missing, or gRPC's status.
 */
export function requireWholeAnswers(httpClient: UniversalClientFn): UniversalClientFn {
  return async (request) => {
    const response = await httpClient(request);
    const type = response.header.get("content-type") ?? "";
    // A response may consist of headers only, including the status.
    if (response.status !== 200 || response.header.has("grpc-status")) return response;
    const { origin } = new URL(request.url);
    if (/^application\/(grpc-web|connect)\b/.test(type)) {
      return { ...response, body: requireLastEnvelope(response.body, origin) };
    }
    return /^application\/grpc\b/.test(type) ? { ...response, body: requireStatus(response, origin) } : response;
  };
}

/** The trailers are available when the body has ended. */
function requireStatus({ body, trailer }: UniversalClientResponse, origin: string): AsyncIterable<Uint8Array> {
  return watchEnd(body, () => {
    if (!trailer.has("grpc-status")) throw lostBeforeEnd(origin);
  });
}

async function* requireLastEnvelope(body: AsyncIterable<Uint8Array>, origin: string): AsyncGenerator<Uint8Array> {
  const head: number[] = [];
  let bytesLeft = 0;
  let isLast = false;
  for await (const chunk of body) {
    for (let at = 0; at < chunk.byteLength;) {
      const skipped = Math.min(bytesLeft, chunk.byteLength - at);
      at += skipped;
      bytesLeft -= skipped;
      if (skipped > 0) continue;
      head.push(chunk[at++] ?? 0);
      if (head.length < envelopeHeadBytes) continue;
      isLast = ((head[0] ?? 0) & lastFlags) !== 0;
      bytesLeft = new DataView(Uint8Array.from(head).buffer).getUint32(1);
      head.length = 0;
    }
    yield chunk;
  }
  if (isLast && bytesLeft === 0) return;
  throw lostBeforeEnd(origin);
}

function lostBeforeEnd(origin: string): ConnectError {
  return new ConnectError(`the connection to ${origin} was lost before the response ended`, Code.Unavailable);
}
