import { Code, ConnectError } from "@connectrpc/connect";
import type { UniversalClientFn, UniversalClientRequest } from "@connectrpc/connect/protocol";
import { joinPieces } from "../flight/index.ts";
import { describeFailure } from "./describe-reason.ts";
import { readStream } from "./read-stream.ts";

/** Options of requests with `fetch`. */
export interface FetchOptions {
  /**
   * Whether requests send and store cookies: `same-origin` by default. Use `include` for a server of another origin.
   */
  readonly credentials?: "omit" | "same-origin" | "include" | undefined;
  /** Replaces the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/**
 * Creates an HTTP client with `fetch`, for calls with one request message. It collects the request body before sending
 * it, because browsers cannot stream a request over HTTP/1.1.
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

/** Returns the error of a failed request. Browsers do not state the reason; Node does. */
function unreachable(reason: unknown, { signal, url }: UniversalClientRequest): unknown {
  if (signal?.aborted) return signal.reason;
  return new ConnectError(describeFailure(url, reason), Code.Unavailable, undefined, undefined, reason);
}
