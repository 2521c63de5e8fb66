import { FlightError, quoteName } from "../flight/index.ts";

/** The source of JSON fields. */
export interface JsonSource {
  readonly bytes: Uint8Array;
  /** The name of the bytes in messages, such as `command`. */
  readonly what: string;
  /** How many bytes are taken. */
  readonly bytesMax: number;
}

/**
 * Reads the fields of a JSON object strictly: each by name and type. `end` refuses the fields that were not read. All
 * errors are FlightErrors INVALID_ARGUMENT that name the field.
 */
export class JsonFields {
  readonly #what: string;
  readonly #unread: Map<string, unknown>;

  /** @throws FlightError INVALID_ARGUMENT if the bytes are too many, or are not one JSON object in UTF-8 */
  constructor({ bytes, what, bytesMax }: JsonSource) {
    this.#what = what;
    if (bytes.byteLength > bytesMax) {
      throw invalid(`the ${what} has ${bytes.byteLength} bytes; the maximum is ${bytesMax}`);
    }
    const { value, text } = parseObject(bytes, what);
    const twice = findRepeatedKey(text);
    if (twice !== undefined) throw invalid(`the ${what} has ${quoteName(twice)} twice`);
    this.#unread = new Map(Object.entries(value));
  }

  /** A string that must be there. */
  string(name: string): string {
    const value = this.#take(name);
    if (typeof value !== "string") throw this.#refused(name, "must be a string");
    return value;
  }

  /** Reads a string; undefined if the field is omitted. */
  optionalString(name: string): string | undefined {
    const value = this.#take(name);
    if (value === undefined || typeof value === "string") return value;
    throw this.#refused(name, "must be a string");
  }

  /** Reads a whole number from `min` to `max`, both inclusive; undefined if the field is omitted. */
  optionalInteger(name: string, range: { min: number; max: number }): number | undefined {
    return this.#integer(name, range);
  }

  /** Reads a whole number, as `optionalInteger`, or a word; undefined if the field is omitted. */
  optionalIntegerOr<T extends string>(
    name: string,
    word: T,
    range: { min: number; max: number },
  ): number | T | undefined {
    if (this.#unread.get(name) !== word) return this.#integer(name, range, `, or "${word}"`);
    this.#unread.delete(name);
    return word;
  }

  /** Reads one of a list of strings; undefined if the field is omitted. */
  optionalChoice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    const choice = choices.find((each) => each === value);
    if (choice === undefined) throw this.#refused(name, `must be ${oneOf(choices.map((each) => `"${each}"`))}`);
    return choice;
  }

  /** Reads a list of at least one string, without duplicates; undefined if the field is omitted. */
  optionalDistinctStrings(name: string): readonly string[] | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.length === 0 || !value.every((each) => typeof each === "string")) {
      throw this.#refused(name, "must be a list of at least one string");
    }
    const seen = new Set<string>();
    for (const each of value) {
      if (seen.has(each)) throw this.#refused(name, `has ${quoteName(each)} twice`);
      seen.add(each);
    }
    return value;
  }

  /** Reads a boolean; undefined if the field is omitted. */
  optionalBoolean(name: string): boolean | undefined {
    const value = this.#take(name);
    if (value === undefined || typeof value === "boolean") return value;
    throw this.#refused(name, "must be true or false");
  }

  /** Reads a string, a list or an object, both of any items; undefined if the field is omitted. */
  optionalTextOrJson(name: string): string | object | undefined {
    const value = this.#take(name);
    if (value === undefined || typeof value === "string") return value;
    if (typeof value === "object" && value !== null) return value;
    throw this.#refused(name, "must be text, a list or an object");
  }

  /** Refuses fields that were not read. */
  end(): void {
    for (const name of this.#unread.keys()) throw invalid(`the ${this.#what} has an unknown field ${quoteName(name)}`);
  }

  /** @param orElse - what else the field may be, in a message */
  #integer(name: string, { min, max }: { min: number; max: number }, orElse = ""): number | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
      throw this.#refused(name, `must be a whole number from ${min} to ${max}${orElse}`);
    }
    return value;
  }

  #take(name: string): unknown {
    const value = this.#unread.get(name);
    this.#unread.delete(name);
    return value;
  }

  #refused(name: string, problem: string): FlightError {
    return invalid(`the ${this.#what}'s "${name}" ${problem}`);
  }
}

function parseObject(bytes: Uint8Array, what: string): { value: object; text: string } {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (reason) {
    throw new FlightError("invalid_argument", `the ${what} is not JSON in UTF-8`, { cause: reason });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid(`the ${what} is not a JSON object`);
  return { value, text };
}

/** Returns a key that an object has twice; undefined if there is none. `JSON.parse` would use the last value. */
function findRepeatedKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  // Strings with the colon behind them, which makes them keys, and whatever opens or closes.
  for (const [token] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (token.endsWith(":")) {
      const key = JSON.parse(token.slice(0, -1)) as string;
      if (open.at(-1)?.has(key)) return key;
      open.at(-1)?.add(key);
    }
  }
  return undefined;
}

function invalid(message: string): FlightError {
  return new FlightError("invalid_argument", message);
}

/** Returns a list of choices as words of a sentence: `a, b or c`. */
export function oneOf(choices: readonly string[]): string {
  return [choices.slice(0, -1).join(", "), ...choices.slice(-1)].filter((each) => each !== "").join(" or ");
}
