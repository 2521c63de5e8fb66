import { replayedBytesMax } from "./limits.ts";

/** The approximate memory of a request without its data, in bytes. It bounds the number of requests without data. */
const requestBytes = 256;

/**
 * The requests of a call, taken from their source one by one. While only few were taken, they can be read again from
 * the start.
 */
export class RequestSource<T> {
  readonly #iterator: AsyncGenerator<T>;
  readonly #byteLengthOf: ((request: T) => number) | undefined;
  /** The requests that were taken; undefined if they can no longer be read again. */
  #taken: Promise<IteratorResult<T>>[] | undefined;
  #takenByteLength = 0;
  #isWaiting = false;

  /** @param byteLengthOf - returns the memory of a request; if it is omitted, the requests can be read only once */
  constructor(source: AsyncIterable<T> | Iterable<T>, byteLengthOf?: (request: T) => number) {
    this.#iterator = iterate(source);
    this.#byteLengthOf = byteLengthOf;
    this.#taken = byteLengthOf && [];
  }

  /** Whether the requests can still be read from the start. */
  get isWhole(): boolean {
    return this.#taken !== undefined;
  }

  /** Returns the request at a position: the next one, or an earlier one that was kept. */
  async at(index: number): Promise<IteratorResult<T>> {
    if (this.#taken === undefined) return await this.#take();
    this.#taken[index] ??= this.#take();
    return await this.#taken[index];
  }

  /** Closes the source, unless the requests may be read again. */
  async leave(): Promise<void> {
    if (!this.isWhole) await this.close();
  }

  /** Closes the source. A source that waits for data closes when the data has arrived; nothing waits for it. */
  async close(): Promise<void> {
    this.#taken = undefined;
    const closing = this.#iterator.return(undefined);
    if (this.#isWaiting) closing.catch(() => {});
    else await closing;
  }

  async #take(): Promise<IteratorResult<T>> {
    this.#isWaiting = true;
    try {
      const next = await this.#iterator.next();
      if (next.done !== true) this.#takenByteLength += requestBytes + (this.#byteLengthOf?.(next.value) ?? 0);
      if (this.#takenByteLength > replayedBytesMax) this.#taken = undefined;
      return next;
    } finally {
      this.#isWaiting = false;
    }
  }
}

async function* iterate<T>(source: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T> {
  yield* source;
}
