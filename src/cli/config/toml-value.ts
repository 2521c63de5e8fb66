import { TomlDate } from "smol-toml";
import { findSimilar } from "../../flight/index.ts";
import { formatPath, MisplacedValue, type KeyPath } from "./misplaced-value.ts";

/** A value of a TOML document. Its methods check the type, and throw a `MisplacedValue` for another one. */
export class TomlValue {
  readonly path: KeyPath;
  readonly #value: unknown;

  constructor(value: unknown, path: KeyPath = []) {
    this.#value = value;
    this.path = path;
  }

  /** Creates the error for this value. */
  fail(words: string): never {
    throw new MisplacedValue(this.path, words);
  }

  text(): string {
    return typeof this.#value === "string" && this.#value !== "" ? this.#value : this.fail("must be text");
  }

  boolean(): boolean {
    return typeof this.#value === "boolean" ? this.#value : this.fail("must be true or false");
  }

  /** Reads a whole number from `min` to `max` (both inclusive). */
  integer(min: number, max: number): number {
    const value = this.#value;
    const isIn = typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
    return isIn ? value : this.fail(`must be a whole number from ${min} to ${max}`);
  }

  /** Reads one of the allowed words. */
  choice<T extends string>(choices: readonly T[]): T {
    const found = choices.find((choice) => choice === this.#value);
    if (found !== undefined) return found;
    const similar = typeof this.#value === "string" ? findSimilar(this.#value, choices) : undefined;
    return this.fail(
      `must be one of ${choices.join(", ")}${similar === undefined ? "" : ` (did you mean ${similar}?)`}`,
    );
  }

  /** Reads a point in time. A date without a time means its start in UTC. */
  time(): Date {
    const value = this.#value;
    const isTime = value instanceof TomlDate && (value.isDate() || !value.isLocal());
    return isTime
      ? new Date(value.getTime())
      : this.fail("must be a time such as 2027-01-31T12:00:00Z, without quotes");
  }

  isList(): boolean {
    return Array.isArray(this.#value);
  }

  /** Reads an array. */
  list(): readonly TomlValue[] {
    if (!Array.isArray(this.#value)) return this.fail("must be a list");
    return this.#value.map((value, index) => new TomlValue(value, [...this.path, index]));
  }

  /** Reads an array of texts. */
  texts(): readonly string[] {
    return this.list().map((value) => value.text());
  }

  /** Reads a table with a function that reads its keys. */
  table<T>(read: (table: TomlTable) => T): T {
    const value = this.#value;
    const isTable = typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
    if (!isTable) return this.fail("must be a table");
    const table = new TomlTable(value as Record<string, unknown>, this.path);
    const result = read(table);
    table.assertAllRead();
    return result;
  }

  /** Reads each table of an array. */
  tables<T>(read: (table: TomlTable) => T): readonly T[] {
    return this.list().map((value) => value.table(read));
  }
}

/** A table of a TOML document. Only the requested keys are allowed. */
export class TomlTable {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #path: KeyPath;
  readonly #known = new Set<string>();

  constructor(values: Readonly<Record<string, unknown>>, path: KeyPath) {
    this.#values = values;
    this.#path = path;
  }

  /** Returns the value of a key; undefined if it is omitted. */
  get(key: string): TomlValue | undefined {
    this.#known.add(key);
    return Object.hasOwn(this.#values, key) ? new TomlValue(this.#values[key], [...this.#path, key]) : undefined;
  }

  /** Returns the value of a required key. */
  need(key: string): TomlValue {
    return this.get(key) ?? this.fail(`${key} is missing`);
  }

  /** Throws the error for the table as a whole, or for a key that is a typing error of one that was requested. */
  fail(words: string): never {
    for (const key of this.#unread()) if (findSimilar(key, [...this.#known]) !== undefined) this.#refuse(key);
    throw new MisplacedValue(this.#path, words);
  }

  /** Refuses keys that were not requested, which are usually typing errors. */
  assertAllRead(): void {
    const [unknown] = this.#unread();
    if (unknown !== undefined) this.#refuse(unknown);
  }

  #unread(): string[] {
    return Object.keys(this.#values).filter((key) => !this.#known.has(key));
  }

  #refuse(unknown: string): never {
    const similar = findSimilar(unknown, [...this.#known]);
    const place = this.#path.length === 0 ? "" : ` in ${formatPath(this.#path)}`;
    const meant = similar === undefined ? "" : ` (did you mean ${similar}?)`;
    throw new MisplacedValue([...this.#path, unknown], `is not a known key${place}${meant}`);
  }
}
