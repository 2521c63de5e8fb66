/** A cached value. */
interface Entry<T> {
  readonly value: T;
  /** In milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A cache whose values expire. If it is full, the oldest value is removed. */
export class ExpiringCache<T> {
  readonly #countMax: number;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry<T>>();

  /** @param now - returns the time in milliseconds */
  constructor(countMax: number, now: () => number = Date.now) {
    this.#countMax = countMax;
    this.#now = now;
  }

  /** Returns the value of a key; undefined if there is none, or it has expired. */
  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAt > this.#now()) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  /** Stores a value. @param expiresAt - in milliseconds since the epoch */
  set(key: string, value: T, expiresAt: number): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#countMax) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, { value, expiresAt });
  }
}
