import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { explainFileError } from "../file-error.ts";
import type { TomlValue } from "./toml-value.ts";

/** The maximum size of a referenced file in bytes. Certificates, keys and secrets are much smaller. */
const referencedBytesMax = 1024 * 1024;

/** The files that a configuration names. Relative paths are relative to its own file. */
export class ReferencedFiles {
  readonly #folder: string;
  readonly #paths = new Set<string>();

  /** @param configPath - the configuration's own file */
  constructor(configPath: string) {
    this.#folder = dirname(resolve(configPath));
  }

  /** The requested files, including those that could not be read. */
  get paths(): readonly string[] {
    return [...this.#paths];
  }

  /** Returns the absolute path that a value names. */
  resolve(value: TomlValue): string {
    return resolve(this.#folder, value.text());
  }

  /** Reads the file that a value names. Throws a MisplacedValue if it cannot be read. */
  read(value: TomlValue): Buffer {
    const path = this.resolve(value);
    this.#paths.add(path);
    try {
      if (statSync(path).size > referencedBytesMax) return value.fail("names a file of more than 1 MiB");
      return readFileSync(path);
    } catch (reason) {
      return value.fail(`names a file that cannot be read: ${explainFileError(reason)}`);
    }
  }
}
