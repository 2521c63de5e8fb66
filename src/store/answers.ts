import { FactsCache } from "./facts-cache.ts";
import { answerCacheBytesMax } from "./limits.ts";

/** A message with a schema, which is most of its size. */
export interface SchemaAnswer {
  readonly schema?: Uint8Array | undefined;
}

/** The memory of an answer without its schema in bytes: objects and the encoded fields. */
const fieldsBytes = 2048;

/**
 * Answers about versions of datasets. An answer that is asked for again is the same frozen object, so that a server
 * encodes it once. A key never means two answers: it contains the version, which is checked for each call.
 */
export class Answers {
  readonly #kept = new FactsCache<SchemaAnswer>({
    byteLengthMax: answerCacheBytesMax,
    // The server keeps the encoded message beside the object.
    byteLengthOf: ({ schema }) => fieldsBytes + 2 * (schema?.byteLength ?? 0),
    failureLifeMs: () => 0,
  });

  /**
   * Returns the kept answer of a key; otherwise a new one.
   *
   * @param onlyIfRoom - whether a new answer is kept only if no other one has to leave. A list of many datasets must not
   * push out those that clients ask for most. False by default.
   */
  get<T extends SchemaAnswer>(key: string, create: () => T, { onlyIfRoom = false } = {}): T {
    const kept = this.#kept.peek(key);
    if (kept !== undefined) return kept as T;
    const created = Object.freeze(create());
    if (!onlyIfRoom || this.#kept.hasRoomFor(key, created)) this.#kept.put(key, created);
    return created;
  }
}
