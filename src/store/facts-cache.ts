/** An entry of the cache: a value, or a failure that is repeated until a time of `performance.now()`. */
type Outcome<V> =
  { readonly value: V; readonly byteLength: number } | { readonly failure: unknown; readonly untilMs: number };

/** The counted size of a cached failure in bytes: an error with its stack. */
const failureByteLength = 2048;

/** How a cache weighs its values, and which failures it keeps for how long. */
export interface FactsCacheOptions<V> {
  /** The maximum size of the cache in bytes, as `byteLengthOf` counts. */
  readonly byteLengthMax: number;
  readonly byteLengthOf: (value: V) => number;
  /**
   * Returns how long a failure is cached, in milliseconds: `Infinity` if it depends only on the key, 0 if it may be
   * temporary.
   */
  readonly failureLifeMs: (reason: unknown) => number;
  /** Memory that values share, which counts as well. */
  readonly shared?: SharedMemory<V>;
}

/** Memory that several values share. */
export interface SharedMemory<V> {
  /** The size of what the kept values share, in bytes. */
  readonly byteLength: number;
  /** Returns a value that shares what it has in common with others. */
  use(value: V): V;
  /** Called when a value is no longer kept. */
  release(value: V): void;
}

/** Values that never change under their keys: the least recently used leave first, and one load serves all who ask. */
export class FactsCache<V> {
  readonly #options: FactsCacheOptions<V>;
  /** In order of use, the most recent last. */
  readonly #outcomes = new Map<string, Outcome<V>>();
  readonly #loading = new Map<string, Promise<V>>();
  #byteLength = 0;

  constructor(options: FactsCacheOptions<V>) {
    this.#options = options;
  }

  /** The current size in bytes. */
  get byteLength(): number {
    return this.#byteLength + (this.#options.shared?.byteLength ?? 0);
  }

  /**
   * Returns the cached value of a key; undefined if there is none.
   *
   * @throws the cached failure
   */
  peek(key: string): V | undefined {
    const outcome = this.#outcomes.get(key);
    if (outcome === undefined) return undefined;
    if ("failure" in outcome && outcome.untilMs <= performance.now()) {
      this.#drop(key, outcome);
      return undefined;
    }
    this.#outcomes.delete(key);
    this.#outcomes.set(key, outcome);
    if ("failure" in outcome) throw outcome.failure;
    return outcome.value;
  }

  /** Returns the cached value of a key, or the result of `load`. Concurrent callers share one load. */
  async get(key: string, load: () => Promise<V>): Promise<V> {
    const kept = this.peek(key);
    if (kept !== undefined) return kept;
    const loading = this.#loading.get(key);
    if (loading !== undefined) return loading;
    const started = this.#load(key, load).finally(() => this.#loading.delete(key));
    this.#loading.set(key, started);
    return started;
  }

  /** Returns whether a value can be kept without dropping another one. */
  hasRoomFor(key: string, value: V): boolean {
    const { byteLengthOf, byteLengthMax } = this.#options;
    return this.byteLength + costOf(key, { value, byteLength: byteLengthOf(value) }) <= byteLengthMax;
  }

  /** Keeps the value of a key that has none. */
  put(key: string, value: V): void {
    if (!this.#outcomes.has(key)) this.#keepValue(key, value);
  }

  async #load(key: string, load: () => Promise<V>): Promise<V> {
    try {
      const value = await load();
      this.#keepValue(key, value);
      return value;
    } catch (failure) {
      const lifeMs = this.#options.failureLifeMs(failure);
      if (lifeMs > 0) this.#keep(key, { failure, untilMs: performance.now() + lifeMs });
      throw failure;
    }
  }

  #keepValue(key: string, value: V): void {
    const kept = this.#options.shared?.use(value) ?? value;
    this.#keep(key, { value: kept, byteLength: this.#options.byteLengthOf(kept) });
  }

  #keep(key: string, outcome: Outcome<V>): void {
    const before = this.#outcomes.get(key);
    if (before) this.#drop(key, before);
    this.#outcomes.set(key, outcome);
    this.#byteLength += costOf(key, outcome);
    for (const [oldestKey, oldest] of this.#outcomes) {
      if (this.byteLength <= this.#options.byteLengthMax) return;
      this.#drop(oldestKey, oldest);
    }
  }

  #drop(key: string, outcome: Outcome<V>): void {
    this.#outcomes.delete(key);
    this.#byteLength -= costOf(key, outcome);
    if ("value" in outcome) this.#options.shared?.release(outcome.value);
  }
}

function costOf<V>(key: string, outcome: Outcome<V>): number {
  return 2 * key.length + ("failure" in outcome ? failureByteLength : outcome.byteLength);
}
