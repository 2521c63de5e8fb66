/** What a value is kept with. */
interface Entry<T> {
  readonly value: T;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Values that are good for a while, at most so many of them: the one that was kept first goes first. */
export class ExpiringCache<T> {
  readonly #countMax: number;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry<T>>();

  /** @param now - gives the time in milliseconds */
  constructor(countMax: number, now: () => number = Date.now) {
    this.#countMax = countMax;
    this.#now = now;
  }

  /** The value of a key; undefined where there is none, or it has expired. */
  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAt > this.#now()) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  /** @param expiresAt - in milliseconds since the epoch */
  set(key: string, value: T, expiresAt: number): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#countMax) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, { value, expiresAt });
  }
}
