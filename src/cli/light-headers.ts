/** A token of HTTP. Source: RFC 9110, section 5.6.2. */
const namePattern = /^[\w!#$%&'*+.^`|~-]+$/;

/** Spaces around a value, which are not part of it. Source: Fetch, "normalize". */
const spaceAround = /^[\t\n\r ]+|[\t\n\r ]+$/g;

// oxlint-disable-next-line no-control-regex -- these are what a value must not have
const badValue = /[\0\n\r]|[^\0-\xff]/;

type Fields = Readonly<Record<string, string>>;

/**
 * The `Headers` of the Fetch standard. Node loads its own with everything else that `fetch` needs, which takes 15 to 20
 * ms. This is a tenth of a short command, and gRPC needs nothing of it.
 */
export class LightHeaders implements Headers {
  /** The values by lower-case name. */
  readonly #values = new Map<string, string[]>();

  constructor(init: ConstructorParameters<typeof Headers>[0] = {}) {
    const pairs = Symbol.iterator in init ? (init as Iterable<[string, string]>) : Object.entries(init as Fields);
    for (const [name, value] of pairs) this.append(name, value);
  }

  append(name: string, value: string): void {
    const key = toKey(name);
    const values = this.#values.get(key) ?? [];
    values.push(toValue(key, value));
    this.#values.set(key, values);
  }

  delete(name: string): void {
    this.#values.delete(toKey(name));
  }

  get(name: string): string | null {
    const values = this.#values.get(toKey(name));
    if (values === undefined) return null;
    return values.length === 1 ? values[0]! : values.join(", ");
  }

  getSetCookie(): string[] {
    return [...(this.#values.get("set-cookie") ?? [])];
  }

  has(name: string): boolean {
    return this.#values.has(toKey(name));
  }

  set(name: string, value: string): void {
    const key = toKey(name);
    this.#values.set(key, [toValue(key, value)]);
  }

  forEach(callback: (value: string, key: string, parent: Headers) => void, thisArg?: unknown): void {
    for (const [key, value] of this) callback.call(thisArg, value, key, this);
  }

  *entries(): Generator<[string, string], undefined, unknown> {
    for (const [key, values] of [...this.#values].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      if (key !== "set-cookie") yield [key, values.join(", ")];
      else for (const value of values) yield [key, value];
    }
  }

  *keys(): Generator<string, undefined, unknown> {
    for (const [key] of this) yield key;
  }

  *values(): Generator<string, undefined, unknown> {
    for (const [, value] of this) yield value;
  }

  [Symbol.iterator](): Generator<[string, string], undefined, unknown> {
    return this.entries();
  }
}

/** Makes `Headers` the light ones in this process, which `fetch` takes too. */
export function useLightHeaders(): void {
  globalThis.Headers = LightHeaders;
}

/** The number of names whose keys are kept. Calls have the same few names again and again. */
const knownKeysMax = 256;

/** The longest such name. */
const knownNameLengthMax = 64;

const knownKeys = new Map<string, string>();

function toKey(name: string): string {
  const known = knownKeys.get(name);
  if (known !== undefined) return known;
  if (namePattern.test(name)) {
    const key = name.toLowerCase();
    if (knownKeys.size < knownKeysMax && name.length <= knownNameLengthMax) knownKeys.set(name, key);
    return key;
  }
  throw new TypeError(`${JSON.stringify(name)} is not the name of a header`);
}

function toValue(key: string, value: string): string {
  const text = value.replace(spaceAround, "");
  if (badValue.test(text)) throw new TypeError(`the value of the header ${key} has a character that is not allowed`);
  return text;
}
