/** Runs the actions for a name one at a time, in order. */
export class NameLocks {
  /** The end of the last action for each name. */
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `act` after all earlier actions for the name have ended. Returns its result. */
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
