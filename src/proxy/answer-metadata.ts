import type { UniversalClientFn, UniversalClientResponse } from "@connectrpc/connect/protocol";
import type { CallContext } from "../producer/index.ts";
import { appendHeaders, type HeaderFilter } from "./headers.ts";

/**
 * The status as gRPC's own protobuf message. Arrow's C++ servers write bytes of the application's there, which Connect
 * would take for a broken status, or for one that says OK.
 */
const detailsHeader = "grpc-status-details-bin";

/** What an upstream's answer to one call says beside its messages, on its way to the client. */
export class AnswerMetadata {
  readonly #context: CallContext;
  readonly #filter: HeaderFilter;
  /** Trailers; the headers where there is nothing else, as gRPC allows it. */
  #last = new Headers();
  #details: string | null = null;

  constructor(context: CallContext, filter: HeaderFilter) {
    this.#context = context;
    this.#filter = filter;
  }

  /** The HTTP client, with its answers' headers passed on to the client when they come. */
  over(httpClient: UniversalClientFn): UniversalClientFn {
    return async (request) => {
      const response = await httpClient(request);
      const isTrailersOnly = response.header.has("grpc-status");
      if (!isTrailersOnly) appendHeaders(this.#filter(response.header), this.#context.responseHeader);
      this.#last = isTrailersOnly ? response.header : response.trailer;
      this.#hideDetails(response.header);
      return { ...response, body: this.#readBody(response) };
    };
  }

  /** Passes the trailers of a call that has ended well on. */
  passTrailers(): void {
    appendHeaders(this.#filter(this.#last), this.#context.responseTrailer);
  }

  /** The trailers of a call that has failed, as metadata of the error; the status's details go past Connect. */
  errorMetadata(): Headers {
    if (this.#details !== null) this.#context.responseTrailer.set(detailsHeader, this.#details);
    return this.#filter(this.#last);
  }

  async *#readBody({ body, trailer }: UniversalClientResponse): AsyncGenerator<Uint8Array> {
    yield* body;
    this.#hideDetails(trailer);
  }

  #hideDetails(headers: Headers): void {
    this.#details ??= headers.get(detailsHeader);
    headers.delete(detailsHeader);
    const message = headers.get("grpc-message");
    if (message !== null && !isPercentEncoded(message)) headers.set("grpc-message", encodeURIComponent(message));
  }
}

/** Connect throws at words that are not encoded as gRPC has it, and the status would be lost with them. */
function isPercentEncoded(text: string): boolean {
  try {
    return decodeURIComponent(text) !== "";
  } catch {
    return false;
  }
}
