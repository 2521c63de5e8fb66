import type { ServerHttp2Stream } from "node:http2";
import { setImmediate as nextTurn } from "node:timers/promises";
import { FlightError } from "../../../flight/index.ts";
import { countReceived } from "../../http/received-garbage.ts";

/** The number of received bytes that may wait for the reader. Above it, the stream is not read. */
const waitingBytesMax = 256 * 1024;

/**
 * The body of a request, as the chunks that the socket delivered. Nothing is copied. An interrupted request throws, so
 * that it does not look complete.
 */
export class StreamBytes implements AsyncIterableIterator<Uint8Array> {
  readonly #stream: ServerHttp2Stream;
  readonly #chunks: Uint8Array[] = [];
  #waitingBytes = 0;
  #isEnded: boolean;
  #isLeft = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream;
    // An empty body has ended before anything reads it.
    this.#isEnded = stream.readableEnded;
    stream.on("data", (chunk: Uint8Array) => this.#add(chunk));
    stream.once("end", () => {
      this.#isEnded = true;
      this.#wake?.();
    });
    stream.once("close", () => this.#wake?.());
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    while (this.#chunks.length === 0 && !this.#isLeft) {
      if (this.#isEnded) return { done: true, value: undefined };
      if (this.#stream.closed) throw interrupted();
      if (this.#failure) throw this.#failure;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
    const chunk = this.#chunks.shift();
    if (chunk === undefined) return { done: true, value: undefined };
    this.#waitingBytes -= chunk.byteLength;
    countReceived(chunk.byteLength);
    if (this.#waitingBytes <= waitingBytesMax && this.#stream.isPaused()) this.#stream.resume();
    return { done: false, value: chunk };
  }

  /** Ends the body with an error, also for a reader that waits now. What has arrived is read before. */
  fail(reason: Error): void {
    this.#failure ??= reason;
    this.#wake?.();
  }

  /** Stops reading. The client may send no more than its window then. */
  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#isLeft = true;
    this.#chunks.length = 0;
    this.#stream.pause();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #add(chunk: Uint8Array): void {
    if (this.#isLeft) return;
    this.#chunks.push(chunk);
    this.#waitingBytes += chunk.byteLength;
    if (this.#waitingBytes > waitingBytesMax) this.#stream.pause();
    this.#wake?.();
  }
}

/**
 * Asserts that a stream of requests is complete. Node's HTTP/2 client ends an interrupted request normally and resets
 * it right after. So an end counts only if the stream is still open after a turn of the event loop.
 *
 * @throws FlightError CANCELLED if the client has disconnected
 */
export async function* untilWhole(stream: ServerHttp2Stream, bytes: StreamBytes): AsyncGenerator<Uint8Array> {
  yield* bytes;
  for (let turns = 0; turns < 2; turns++) await nextTurn();
  if (stream.closed) throw interrupted();
}

/** Returns the error for a request whose client has disconnected. */
export function interrupted(): FlightError {
  return new FlightError("cancelled", "the client disconnected before the request ended");
}
