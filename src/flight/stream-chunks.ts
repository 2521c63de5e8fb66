import { FlightError } from "./errors.ts";

/** The part of a Node stream that `StreamChunks` needs. */
export interface ChunkSource {
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "end" | "close", listener: () => void): unknown;
  on(event: "error", listener: (reason: Error) => void): unknown;
  pause(): unknown;
  resume(): unknown;
  isPaused(): boolean;
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
  #waitingBytes = 0;
  #isEnded = false;
  #isLeft = false;
  #isClosed = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(source: ChunkSource) {
    this.#source = source;
    source.on("data", (chunk) => this.#add(chunk));
    source.on("end", () => {
      this.#isEnded = true;
      this.#wake?.();
    });
    source.on("error", (reason) => (this.#failure ??= reason));
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
        if (this.#waitingBytes <= waitingBytesMax && this.#source.isPaused()) this.#source.resume();
        return { done: false, value: chunk };
      }
      if (this.#isLeft || this.#isEnded) return { done: true, value: undefined };
      if (this.#isClosed) throw this.#failure ?? new FlightError("unavailable", "the stream closed before its end");
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
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

  #add(chunk: Uint8Array): void {
    if (this.#isLeft) return;
    this.#chunks.push(chunk);
    this.#waitingBytes += chunk.byteLength;
    if (this.#waitingBytes > waitingBytesMax) this.#source.pause();
    this.#wake?.();
  }
}
