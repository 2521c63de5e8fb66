import { replayedBytesMax } from "../flight/index.ts";

/** What a request holds besides its data, about, in bytes: many without any data must come to an end, too. */
const requestBytes = 256;

/** The requests of a call, taken from their source one after another; read again from the first on while few have been taken. */
export class RequestSource<T> {
  readonly #iterator: AsyncGenerator<T>;
  readonly #byteLengthOf: ((request: T) => number) | undefined;
  /** What has been taken; undefined where it cannot be read again. */
  #taken: Promise<IteratorResult<T>>[] | undefined;
  #takenByteLength = 0;
  #isWaiting = false;

  /** @param byteLengthOf - how much memory a request holds; left out, the requests are read once */
  constructor(source: AsyncIterable<T> | Iterable<T>, byteLengthOf?: (request: T) => number) {
    this.#iterator = iterate(source);
    this.#byteLengthOf = byteLengthOf;
    this.#taken = byteLengthOf && [];
  }

  /** Whether the requests can be read from the first on. */
  get isWhole(): boolean {
    return this.#taken !== undefined;
  }

  /** Gives what there is at a place, which is the next one, or one that has been taken while they can be read again. */
  async at(index: number): Promise<IteratorResult<T>> {
    if (this.#taken === undefined) return await this.#take();
    this.#taken[index] ??= this.#take();
    return await this.#taken[index];
  }

  /** Leaves the source, unless the requests may be read again. */
  async leave(): Promise<void> {
    if (!this.isWhole) await this.close();
  }

  /** Leaves the source. One that is waiting for its own data is left when that has come, and nobody waits for it. */
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
