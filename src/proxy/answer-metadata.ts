import type { UniversalClientFn, UniversalClientResponse } from "@connectrpc/connect/protocol";
import { isNativeGrpc, statusDetailsHeader, takeStatusDetails } from "../flight/index.ts";
import type { CallContext } from "../producer/index.ts";
import { appendHeaders, type HeaderFilter } from "./headers.ts";

/** The headers and trailers of an upstream's response on their way to the client. */
export class AnswerMetadata {
  readonly #context: CallContext;
  readonly #filter: HeaderFilter;
  /** The trailers; for a response without messages, the headers, as gRPC allows. */
  #last = new Headers();
  #details: string | null = null;
  #isTrailersOnly = false;

  constructor(context: CallContext, filter: HeaderFilter) {
    this.#context = context;
    this.#filter = filter;
  }

  /** Wraps an HTTP client so that response headers are forwarded to the client when they arrive. */
  over(httpClient: UniversalClientFn): UniversalClientFn {
    return async (request) => {
      const response = await httpClient(request);
      this.begin(response);
      return { ...response, body: this.#readBody(response) };
    };
  }

  /** Forwards the headers of a response that has begun. */
  begin({ header, trailer }: UniversalClientResponse): void {
    this.#isTrailersOnly = header.has("grpc-status");
    if (!this.#isTrailersOnly) appendHeaders(this.#filter(header), this.#context.responseHeader);
    this.#last = this.#isTrailersOnly ? header : trailer;
    this.#hideDetails(header);
  }

  /** Returns the headers with the status of a response that has ended; valid for Connect. */
  end(): Headers {
    this.#hideDetails(this.#last);
    return this.#last;
  }

  /** Forwards the trailers of a successful call. */
  passTrailers(): void {
    appendHeaders(this.#filter(this.#last), this.#context.responseTrailer);
  }

  /**
   * Forwards the trailers of a failed call. If the response has nothing else, they become metadata of the error.
   * Connect then sends them as headers if its protocol has no trailers, so that cookies work. The details of the status
   * bypass Connect, for native Flight clients.
   */
  errorMetadata(): Headers {
    const { requestHeader, responseTrailer } = this.#context;
    const isNative = isNativeGrpc(requestHeader.get("content-type"));
    if (this.#details !== null && isNative) responseTrailer.set(statusDetailsHeader, this.#details);
    if (this.#isTrailersOnly) return this.#filter(this.#last);
    this.passTrailers();
    return new Headers();
  }

  async *#readBody({ body, trailer }: UniversalClientResponse): AsyncGenerator<Uint8Array> {
    yield* body;
    this.#hideDetails(trailer);
  }

  #hideDetails(headers: Headers): void {
    const details = takeStatusDetails(headers);
    this.#details ??= details;
  }
}
