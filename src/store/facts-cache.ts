/** What a cache keeps of one key: a value, or the failure that every load of the key would end in. */
type Outcome<V> = { readonly value: V; readonly byteLength: number } | { readonly failure: unknown };

/** What a kept failure counts as, in bytes: an error with its stack. */
const failureByteLength = 2048;

/** How a cache weighs its values, and which failures it keeps. */
export interface FactsCacheOptions<V> {
  /** What is kept at most, in bytes, as `byteLengthOf` counts them. */
  readonly byteLengthMax: number;
  readonly byteLengthOf: (value: V) => number;
  /** Whether a failure is the key's own and will come again, so that it is kept like a value. */
  readonly keepsFailure: (reason: unknown) => boolean;
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

  /** What is kept, in bytes. */
  get byteLength(): number {
    return this.#byteLength;
  }

  /**
   * What is kept under a key; undefined where nothing is.
   *
   * @throws the failure that is kept
   */
  peek(key: string): V | undefined {
    const outcome = this.#outcomes.get(key);
    if (outcome === undefined) return undefined;
    this.#outcomes.delete(key);
    this.#outcomes.set(key, outcome);
    if ("failure" in outcome) throw outcome.failure;
    return outcome.value;
  }

  /** What is kept under a key, or what `load` gives; callers that come while it loads share its outcome. */
  async get(key: string, load: () => Promise<V>): Promise<V> {
    const kept = this.peek(key);
    if (kept !== undefined) return kept;
    const loading = this.#loading.get(key);
    if (loading !== undefined) return loading;
    const started = this.#load(key, load).finally(() => this.#loading.delete(key));
    this.#loading.set(key, started);
    return started;
  }

  async #load(key: string, load: () => Promise<V>): Promise<V> {
    try {
      const value = await load();
      this.#keep(key, { value, byteLength: this.#options.byteLengthOf(value) });
      return value;
    } catch (failure) {
      if (this.#options.keepsFailure(failure)) this.#keep(key, { failure });
      throw failure;
    }
  }

  #keep(key: string, outcome: Outcome<V>): void {
    this.#outcomes.set(key, outcome);
    this.#byteLength += costOf(key, outcome);
    for (const [oldestKey, oldest] of this.#outcomes) {
      if (this.#byteLength <= this.#options.byteLengthMax) return;
      this.#outcomes.delete(oldestKey);
      this.#byteLength -= costOf(oldestKey, oldest);
    }
  }
}

function costOf<V>(key: string, outcome: Outcome<V>): number {
  return 2 * key.length + ("failure" in outcome ? failureByteLength : outcome.byteLength);
}
