/** Closes resources in reverse order. It replaces AsyncDisposableStack, which Node 22 does not have. */
export class ClosingStack {
  readonly #closings: (() => Promise<void>)[] = [];

  /** Registers a value to be closed, and returns it. */
  adopt<T>(value: T, close: (value: T) => Promise<void>): T {
    this.#closings.push(() => close(value));
    return value;
  }

  /** Closes everything once. Throws the first error after the others are closed. */
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
