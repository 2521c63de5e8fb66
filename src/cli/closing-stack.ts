/** Closes what was opened, the last first. It is what AsyncDisposableStack is, which Node 22 has not. */
export class ClosingStack {
  readonly #closings: (() => Promise<void>)[] = [];

  /** Gives the value back, and closes it when the time comes. */
  adopt<T>(value: T, close: (value: T) => Promise<void>): T {
    this.#closings.push(() => close(value));
    return value;
  }

  /** Closes everything, each once; throws what the first failed of that fails, when the others are closed. */
  async close(): Promise<void> {
    const closing = this.#closings.pop();
    if (closing === undefined) return;
    try {
      await closing();
    } finally {
      await this.close();
    }
  }
}
