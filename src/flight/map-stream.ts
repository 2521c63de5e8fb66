/**
 * Maps the items of a stream, one after another. A generator would make several promises for each item.
 *
 * @param map - returns the new item, now or later; its error ends the stream, and leaves the source
 */
export function mapStream<T, R>(source: AsyncIterable<T>, map: (item: T) => R | Promise<R>): AsyncIterableIterator<R> {
  return new MappedStream(source, map);
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
