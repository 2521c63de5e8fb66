/** Lets one at a time do something to a name, in the order in which they come. */
export class NameLocks {
  /** Settles when whoever came last has ended. */
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `act` when those before it have ended, however they have; gives what it gives. */
  async run<T>(name: string, act: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name);
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    this.#last.set(name, ended);
    await before;
    try {
      return await act();
    } finally {
      end();
      if (this.#last.get(name) === ended) this.#last.delete(name);
    }
  }
}
