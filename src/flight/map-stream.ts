/**
 * Maps the items of a stream, one after another. A generator would make several promises for each item.
 *
 * @param map - returns the new item, now or later; its error ends the stream, and leaves the source
 */
export function mapStream<T, R>(source: AsyncIterable<T>, map: (item: T) => R | Promise<R>): AsyncIterableIterator<R> {
  return new MappedStream(source, map);
}

/**
 * Maps each item of a stream to any number of items. Only the first of them needs more than one promise.
 *
 * @param last - items after those of the stream
 */
export function flatMapStream<T, R>(
  source: AsyncIterable<T>,
  map: (item: T) => readonly R[],
  last: readonly R[] = [],
): AsyncIterableIterator<R> {
  return new FlatMappedStream(source, map, last);
}

/**
 * Passes the items of a stream on. At its end, it calls `onEnd`, whose error ends the stream. A generator would make
 * several promises for each item.
 */
export function watchEnd<T>(source: AsyncIterable<T>, onEnd: () => void): AsyncIterableIterator<T> {
  return new WatchedStream(source, onEnd);
}

class MappedStream<T, R> implements AsyncIterableIterator<R> {
  readonly #iterator: AsyncIterator<T>;
  readonly #map: (item: T) => R | Promise<R>;

  constructor(source: AsyncIterable<T>, map: (item: T) => R | Promise<R>) {
    this.#iterator = source[Symbol.asyncIterator]();
    this.#map = map;
  }

  async next(): Promise<IteratorResult<R, undefined>> {
    const { done, value } = await this.#iterator.next();
    if (done === true) return { done, value: undefined };
    try {
      const mapped = this.#map(value);
      return { done: false, value: mapped instanceof Promise ? await mapped : mapped };
    } catch (reason) {
      await this.return();
      throw reason;
    }
  }

  async return(): Promise<IteratorResult<R, undefined>> {
    await this.#iterator.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

class FlatMappedStream<T, R> implements AsyncIterableIterator<R> {
  readonly #lists: AsyncIterableIterator<readonly R[]>;
  #list: readonly R[] = [];
  #at = 0;
  #last: readonly R[] | undefined;

  constructor(source: AsyncIterable<T>, map: (item: T) => readonly R[], last: readonly R[]) {
    this.#lists = new MappedStream(source, map);
    this.#last = last;
  }

  async next(): Promise<IteratorResult<R, undefined>> {
    while (this.#at === this.#list.length) {
      const step: IteratorResult<readonly R[], undefined> =
        this.#last === undefined ? { done: true, value: undefined } : await this.#lists.next();
      const list = step.done === true ? this.#last : step.value;
      if (list === undefined) return { done: true, value: undefined };
      if (step.done === true) this.#last = undefined;
      this.#list = list;
      this.#at = 0;
    }
    return { done: false, value: this.#list[this.#at++]! };
  }

  async return(): Promise<IteratorResult<R, undefined>> {
    this.#list = [];
    this.#at = 0;
    this.#last = undefined;
    await this.#lists.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

class WatchedStream<T> implements AsyncIterableIterator<T> {
  readonly #iterator: AsyncIterator<T>;
  readonly #pass: (step: IteratorResult<T, undefined>) => IteratorResult<T, undefined>;

  constructor(source: AsyncIterable<T>, onEnd: () => void) {
    this.#iterator = source[Symbol.asyncIterator]();
    const pass = (step: IteratorResult<T, undefined>): IteratorResult<T, undefined> => {
      if (step.done === true) onEnd();
      return step;
    };
    this.#pass = pass;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return this.#iterator.next().then(this.#pass);
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    await this.#iterator.return?.();
    return { done: true, value: undefined };
  }

  /** Leaves the source, as a generator does that is not ready for an error. Connect needs it of the body of a response. */
  async throw(reason: unknown): Promise<never> {
    await this.return();
    throw reason;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
