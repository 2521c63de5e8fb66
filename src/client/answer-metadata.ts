import {
  ConnectError,
  createContextKey,
  type CallOptions as ConnectCallOptions,
  type ContextKey,
} from "@connectrpc/connect";
import type { UniversalClientFn } from "@connectrpc/connect/protocol";

/** The headers of a response, before Connect reads them. */
export interface AnswerHeader {
  header?: Headers;
}

/**
 * The context key under which this package's transports store the response headers of a call. Other transports ignore
 * it.
 */
export const answerHeaderKey: ContextKey<AnswerHeader | undefined> = createContextKey<AnswerHeader | undefined>(
  undefined,
);

/** Wraps an HTTP client so that it stores the headers of its responses. */
export function noteHeader(httpClient: UniversalClientFn, answer: AnswerHeader): UniversalClientFn {
  return async (request) => {
    const response = await httpClient(request);
    // A copy, because readers of the response may remove fields.
    answer.header = new Headers(response.header);
    return response;
  };
}

/** The listeners for the headers and trailers of a response. */
export type AnswerListeners = Pick<ConnectCallOptions, "onHeader" | "onTrailer">;

/** Calls the listeners of one call once each, also if the call fails. Connect calls them only on success. */
export class AnswerTeller {
  readonly #listeners: AnswerListeners;
  readonly #answer: AnswerHeader;
  #isHeaderTold = false;

  /** @param answer - the transport stores the headers here; empty for transports of other packages */
  constructor(listeners: AnswerListeners, answer: AnswerHeader) {
    this.#listeners = listeners;
    this.#answer = answer;
  }

  /** Reports the headers from Connect. */
  onHeader(header: Headers): void {
    this.#isHeaderTold = true;
    this.#listeners.onHeader?.(header);
  }

  /**
   * Reports the metadata of a failed call. If there was no response, nothing is reported. If the transport did not
   * store the headers, all metadata is reported as headers.
   */
  onFailure(reason: unknown): void {
    const noted = this.#answer.header;
    const metadata = reason instanceof ConnectError && reason.isWireError ? reason.metadata : undefined;
    const header = metadata && noted ? pick(noted, metadata) : (noted ?? metadata);
    if (header === undefined) return;
    if (!this.#isHeaderTold) this.onHeader(header);
    if (metadata) this.#listeners.onTrailer?.(subtract(metadata, noted ?? metadata));
  }
}

/** Returns the fields that are also in `metadata`: Connect has removed the `trailer-…` headers of its own protocol. */
function pick(header: Headers, metadata: Headers): Headers {
  return new Headers([...header].filter(([name]) => metadata.has(name)));
}

/**
 * Returns the values in an error's metadata that are not in the headers. Connect's metadata contains headers and
 * trailers together.
 */
function subtract(metadata: Headers, header: Headers): Headers {
  const trailer = new Headers();
  for (const name of new Set(metadata.keys())) {
    const [all, part] = [metadata.get(name)!, header.get(name)];
    const rest = part === null ? all : withoutPart(all, part);
    if (rest !== "") trailer.set(name, rest);
  }
  return trailer;
}

function withoutPart(all: string, part: string): string {
  if (all.endsWith(`, ${part}`)) return all.slice(0, -part.length - 2);
  return all.startsWith(`${part}, `) ? all.slice(part.length + 2) : "";
}
