import { quoteName } from "./dataset-name.ts";
import { FlightError } from "../flight/index.ts";

/** What JSON fields are read out of. */
export interface JsonSource {
  readonly bytes: Uint8Array;
  /** What the bytes are, for messages: `command`. */
  readonly what: string;
  /** How many bytes are taken. */
  readonly bytesMax: number;
}

/**
 * Reads the fields of a JSON object strictly: each is asked for by name and type, and `end` refuses those that
 * nobody has asked for. Every refusal is a FlightError INVALID_ARGUMENT that names the field.
 */
export class JsonFields {
  readonly #what: string;
  readonly #unread: Map<string, unknown>;

  /** @throws FlightError INVALID_ARGUMENT where the bytes are not one JSON object in UTF-8, or too many */
  constructor({ bytes, what, bytesMax }: JsonSource) {
    this.#what = what;
    if (bytes.byteLength > bytesMax) {
      throw invalid(`the ${what} has ${bytes.byteLength} bytes; at most ${bytesMax} are taken`);
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

  /** A whole number from `min` to `max`, both inclusive; undefined where it is left out. */
  optionalInteger(name: string, { min, max }: { min: number; max: number }): number | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max) {
      throw this.#refused(name, `must be a whole number from ${min} to ${max}`);
    }
    return value;
  }

  /** One of some strings; undefined where it is left out. */
  optionalChoice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    const choice = choices.find((each) => each === value);
    if (choice === undefined) throw this.#refused(name, `must be ${choices.map((each) => `"${each}"`).join(" or ")}`);
    return choice;
  }

  /** A list of at least one string, none of them twice; undefined where it is left out. */
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

  /** True or false; undefined where it is left out. */
  optionalBoolean(name: string): boolean | undefined {
    const value = this.#take(name);
    if (value === undefined || typeof value === "boolean") return value;
    throw this.#refused(name, "must be true or false");
  }

  /** Text, or a list of whatever; undefined where it is left out. */
  optionalTextOrList(name: string): string | readonly unknown[] | undefined {
    const value = this.#take(name);
    if (value === undefined || typeof value === "string" || Array.isArray(value)) return value;
    throw this.#refused(name, "must be text or a list");
  }

  /** Refuses what was not asked for. */
  end(): void {
    for (const name of this.#unread.keys()) throw invalid(`the ${this.#what} has an unknown field ${quoteName(name)}`);
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
    throw invalid(`the ${what} is no JSON object`);
  return { value, text };
}

/** A key that an object in some JSON has twice, of which `JSON.parse` takes the last; undefined where there is none. */
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
