import type { UniversalClientFn, UniversalClientResponse } from "@connectrpc/connect/protocol";
import { isNativeGrpc, statusDetailsHeader, takeStatusDetails } from "../flight/index.ts";
import type { CallContext } from "../producer/index.ts";
import { appendHeaders, type HeaderFilter } from "./headers.ts";

/** What an upstream's answer to one call says beside its messages, on its way to the client. */
export class AnswerMetadata {
  readonly #context: CallContext;
  readonly #filter: HeaderFilter;
  /** Trailers; the headers where there is nothing else, as gRPC allows it. */
  #last = new Headers();
  #details: string | null = null;
  #isTrailersOnly = false;

  constructor(context: CallContext, filter: HeaderFilter) {
    this.#context = context;
    this.#filter = filter;
  }

  /** The HTTP client, with its answers' headers passed on to the client when they come. */
  over(httpClient: UniversalClientFn): UniversalClientFn {
    return async (request) => {
      const response = await httpClient(request);
      this.#isTrailersOnly = response.header.has("grpc-status");
      if (!this.#isTrailersOnly) appendHeaders(this.#filter(response.header), this.#context.responseHeader);
      this.#last = this.#isTrailersOnly ? response.header : response.trailer;
      this.#hideDetails(response.header);
      return { ...response, body: this.#readBody(response) };
    };
  }

  /** Passes the trailers of a call that has ended well on. */
  passTrailers(): void {
    appendHeaders(this.#filter(this.#last), this.#context.responseTrailer);
  }

  /**
   * Passes the trailers of a call that has failed on, or gives them as metadata of the error where the answer has
   * nothing else: Connect then writes them as headers where its protocol has no trailers, so that cookies work. The
   * status's details go past Connect, to those who may know what they are: native clients of Flight.
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
