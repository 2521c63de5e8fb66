import type { ReferencedFiles } from "./referenced-files.ts";
import type { TomlTable, TomlValue } from "./toml-value.ts";

/** A secret, and the value that it comes from, for error messages. */
export interface Secret {
  readonly text: string;
  readonly source: TomlValue;
}

/**
 * Reads a secret of a table: the value of the key, the content of the file in `KEY-file`, or the environment variable
 * in `KEY-env`. Surrounding white space is removed. Undefined if there is none of them.
 */
export function readSecret(table: TomlTable, key: string, files: ReferencedFiles): Secret | undefined {
  const own = table.get(key);
  const file = table.get(`${key}-file`);
  const variable = table.get(`${key}-env`);
  const [source, second] = [own, file, variable].filter((value) => value !== undefined);
  if (source === undefined) return undefined;
  if (second) return second.fail(`is one too many: give only one of ${key}, ${key}-file and ${key}-env`);
  if (source === own) return { text: source.text().trim(), source };
  const text = source === file ? files.read(source).toString() : (process.env[source.text()] ?? "");
  if (text.trim() === "") return source.fail("leads to nothing: it is empty, or not set");
  return { text: text.trim(), source };
}

/** Reads a required secret. */
export function needSecret(table: TomlTable, key: string, files: ReferencedFiles): Secret {
  return readSecret(table, key, files) ?? table.fail(`${key} is missing (or ${key}-file, or ${key}-env)`);
}
