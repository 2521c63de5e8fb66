import { FlightError } from "./errors.ts";

/** The part of a Node stream that `StreamChunks` needs. */
export interface ChunkSource {
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "end" | "close", listener: () => void): unknown;
  on(event: "error", listener: (reason: Error) => void): unknown;
  pause(): unknown;
  resume(): unknown;
  isPaused(): boolean;
  readonly readableEnded: boolean;
  readonly destroyed: boolean;
  readonly closed?: boolean;
}

/** Options of `StreamChunks`. */
export interface StreamChunksOptions {
  /** Makes the error of a stream that closes before its end, from the stream's own error; UNAVAILABLE by default. */
  readonly interrupted?: (reason: Error | undefined) => Error;
  /** Called with the length of each chunk that is read, in bytes. */
  readonly onRead?: (byteLength: number) => void;
  /** Waits until an end of the stream can be trusted. The end counts only if the stream is still open then. */
  readonly untilSure?: () => Promise<void>;
}

/** The number of received bytes that may wait for the reader. Above it, the stream is not read. */
const waitingBytesMax = 256 * 1024;

/**
 * The chunks of a Node stream as they arrive. Unlike the stream's own iterator, which joins waiting chunks, it copies
 * nothing. A stream that closes before its end throws.
 */
export class StreamChunks implements AsyncIterableIterator<Uint8Array> {
  readonly #source: ChunkSource;
  readonly #chunks: Uint8Array[] = [];
  readonly #interrupted: (reason: Error | undefined) => Error;
  readonly #onRead: ((byteLength: number) => void) | undefined;
  readonly #untilSure: (() => Promise<void>) | undefined;
  #waitingBytes = 0;
  #isEnded: boolean;
  #isLeft = false;
  #isClosed: boolean;
  #streamError: Error | undefined;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(source: ChunkSource, { interrupted = unavailable, onRead, untilSure }: StreamChunksOptions = {}) {
    this.#source = source;
    this.#interrupted = interrupted;
    this.#onRead = onRead;
    this.#untilSure = untilSure;
    // Before anything reads it, a stream may have ended if it is empty, or closed. Its events have been then.
    this.#isEnded = source.readableEnded;
    this.#isClosed = source.destroyed;
    source.on("data", (chunk) => this.#add(chunk));
    source.on("end", () => {
      this.#isEnded = true;
      this.#wake?.();
    });
    source.on("error", (reason) => (this.#streamError ??= reason));
    source.on("close", () => {
      this.#isClosed = true;
      this.#wake?.();
    });
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#waitingBytes -= chunk.byteLength;
        this.#onRead?.(chunk.byteLength);
        if (this.#waitingBytes <= waitingBytesMax && this.#source.isPaused()) this.#source.resume();
        return { done: false, value: chunk };
      }
      if (this.#isLeft) return { done: true, value: undefined };
      if (this.#isEnded) return await this.#end();
      if (this.#isClosed) throw this.#interrupted(this.#streamError);
      if (this.#failure) throw this.#failure;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Ends the chunks with an error, also for a reader that waits now. What has arrived is read before. */
  fail(reason: Error): void {
    this.#failure ??= reason;
    this.#wake?.();
  }

  /** Stops reading. The peer may send no more than its window then. */
  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#isLeft = true;
    this.#chunks.length = 0;
    this.#source.pause();
    this.#wake?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #end(): Promise<IteratorResult<Uint8Array, undefined>> {
    await this.#untilSure?.();
    if (this.#untilSure && this.#source.closed) throw this.#interrupted(this.#streamError);
    return { done: true, value: undefined };
  }

  #add(chunk: Uint8Array): void {
    if (this.#isLeft) return;
    this.#chunks.push(chunk);
    this.#waitingBytes += chunk.byteLength;
    if (this.#waitingBytes > waitingBytesMax) this.#source.pause();
    this.#wake?.();
  }
}

function unavailable(reason: Error | undefined): Error {
  return reason ?? new FlightError("unavailable", "the stream closed before its end");
}
