/** The body of a request, which its reader may stop waiting for: a call ends at its deadline though no message came. */
export class EndableBytes implements AsyncIterableIterator<Uint8Array> {
  readonly #bytes: AsyncIterator<Uint8Array>;
  #failure: { readonly reason: unknown } | undefined;
  #reject: ((reason: unknown) => void) | undefined;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#bytes = bytes[Symbol.asyncIterator]();
  }

  /** Ends the body with an error, also for a reader that waits now. Only the first error counts. */
  fail(reason: unknown): void {
    this.#failure ??= { reason };
    this.#reject?.(reason);
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const { promise, resolve, reject } = Promise.withResolvers<IteratorResult<Uint8Array, undefined>>();
    if (this.#failure) {
      reject(this.#failure.reason);
      return promise;
    }
    this.#reject = reject;
    this.#bytes.next().then(resolve, reject);
    return promise;
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    // A generator that waits for bytes ends only with them, so nobody may wait for it.
    const ended = this.#bytes.return?.();
    if (this.#failure) ended?.catch(() => {});
    else await ended;
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
