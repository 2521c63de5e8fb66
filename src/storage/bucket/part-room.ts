/** Limits how many parts are sent at once. Waiting parts are sent in order. */
export class PartRoom {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param count - the maximum number of concurrent parts */
  constructor(count: number) {
    this.#free = count;
  }

  /** Runs `act` when there is room. Returns its result. */
  async run<T>(act: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await act();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
