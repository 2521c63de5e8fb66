import { Code, ConnectError } from "@connectrpc/connect";
import type { UniversalClientFn, UniversalClientRequest } from "@connectrpc/connect/protocol";
import { joinPieces } from "../flight/index.ts";
import { describeReason } from "./describe-reason.ts";
import { readStream } from "./read-stream.ts";

/** How requests are sent with `fetch`. */
export interface FetchOptions {
  /** Whether requests send and store cookies: `same-origin` by default. Use `include` for a server of another origin. */
  readonly credentials?: "omit" | "same-origin" | "include" | undefined;
  /** Replaces the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/**
 * An HTTP client over `fetch`. A request's body is collected before it is sent, as browsers cannot stream one over
 * HTTP/1.1: it is for calls with one request message.
 */
export function createFetchHttpClient(options: FetchOptions): UniversalClientFn {
  const { credentials = "same-origin" } = options;
  return async (request) => {
    const fetch = options.fetch ?? globalThis.fetch;
    const body = joinPieces(await collect(request.body)) as Uint8Array<ArrayBuffer>;
    const { url, method, header: headers } = request;
    const signal = request.signal ?? null;
    const sending = fetch(url, { method, headers, body, signal, credentials, redirect: "error" });
    const response = await sending.catch((reason: unknown) => {
      throw unreachable(reason, request);
    });
    return {
      status: response.status,
      header: response.headers,
      body: readBody(response, request),
      trailer: new Headers(),
    };
  };
}

async function collect(body: AsyncIterable<Uint8Array> | undefined): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return chunks;
}

async function* readBody(response: Response, request: UniversalClientRequest): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  try {
    yield* readStream(response.body);
  } catch (reason) {
    throw unreachable(reason, request);
  }
}

/** A browser does not give the reason of a failed request; Node does. */
function unreachable(reason: unknown, { signal, url }: UniversalClientRequest): unknown {
  if (signal?.aborted) return signal.reason;
  const message = `the connection to ${new URL(url).origin} failed: ${describeReason(reason)}`;
  return new ConnectError(message, Code.Unavailable, undefined, undefined, reason);
}
