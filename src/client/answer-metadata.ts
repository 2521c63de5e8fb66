import {
  ConnectError,
  createContextKey,
  type CallOptions as ConnectCallOptions,
  type ContextKey,
} from "@connectrpc/connect";
import type { UniversalClientFn } from "@connectrpc/connect/protocol";

/** The headers that an answer came with, before Connect reads them. */
export interface AnswerHeader {
  header?: Headers;
}

/** Where a transport of ours notes the headers of a call's answer. Other transports do not know of it. */
export const answerHeaderKey: ContextKey<AnswerHeader | undefined> = createContextKey<AnswerHeader | undefined>(
  undefined,
);

/** An HTTP client that notes the headers of its answer. */
export function noteHeader(httpClient: UniversalClientFn, answer: AnswerHeader): UniversalClientFn {
  return async (request) => {
    const response = await httpClient(request);
    // A copy: who reads an answer may take fields away.
    answer.header = new Headers(response.header);
    return response;
  };
}

/** Who is told of an answer's headers and trailers. */
export type AnswerListeners = Pick<ConnectCallOptions, "onHeader" | "onTrailer">;

/** Tells of the headers and the trailers of one call once each, also when it fails. Connect tells of successes alone. */
export class AnswerTeller {
  readonly #listeners: AnswerListeners;
  readonly #answer: AnswerHeader;
  #isHeaderTold = false;

  /** @param answer - where the transport notes the headers; stays empty for a transport that is not ours */
  constructor(listeners: AnswerListeners, answer: AnswerHeader) {
    this.#listeners = listeners;
    this.#answer = answer;
  }

  /** Takes the headers from Connect. */
  onHeader(header: Headers): void {
    this.#isHeaderTold = true;
    this.#listeners.onHeader?.(header);
  }

  /**
   * Tells of what came with a failure. Nothing is told where no answer came. Without a note of the headers, all that
   * came is told as headers.
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

/** The fields that are in `metadata` too: Connect has taken `trailer-…` out of the headers of its own protocol. */
function pick(header: Headers, metadata: Headers): Headers {
  return new Headers([...header].filter(([name]) => metadata.has(name)));
}

/** The values of an error's metadata, in which Connect has headers and trailers together, that the headers do not have. */
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
