import { readFileSync, statSync } from "node:fs";
import type { Option } from "commander";
import { parse, TomlError } from "smol-toml";
import { readAccess, type AccessSection } from "./access-section.ts";
import { formatPath, MisplacedValue } from "./misplaced-value.ts";
import type { ServerLimits } from "../../server/index.ts";
import { UsageError } from "../exit-code.ts";
import { explainFileError } from "../file-error.ts";
import { findLine } from "./find-line.ts";
import { readFlags, type FlagValues } from "./flag-values.ts";
import { readLimits } from "./limits-section.ts";
import { ReferencedFiles } from "./referenced-files.ts";
import { TomlValue } from "./toml-value.ts";

/** The maximum size of a configuration file in bytes. A thousand tokens and rules need much less. */
const configBytesMax = 1024 * 1024;

/** The content of a configuration file. */
export interface ConfigFile {
  /** The values of flags by attribute. */
  readonly flags: FlagValues;
  readonly access: AccessSection;
  readonly limits: Partial<ServerLimits> | undefined;
  /** The files that it names, except those of flags. If they change, the configuration changes. */
  readonly referenced: readonly string[];
}

/**
 * Reads a configuration file.
 *
 * @param path - the path as given, for error messages
 * @param options - the allowed flags
 * @throws UsageError of one line, with the line and the key but without values, which may be secrets
 */
export function readConfigFile(path: string, options: readonly Option[]): ConfigFile {
  return parseConfig(readText(path), path, options);
}

/** Parses a configuration, like `readConfigFile`. */
export function parseConfig(text: string, path: string, options: readonly Option[]): ConfigFile {
  try {
    const files = new ReferencedFiles(path);
    return new TomlValue(parse(text)).table((top) => {
      const limits = top.get("limits")?.table(readLimits);
      const [flags, access] = [readFlags(top, options, files), readAccess(top, files)];
      return { flags, access, limits, referenced: files.paths };
    });
  } catch (reason) {
    throw toMistake(reason, text, path);
  }
}

function readText(path: string): string {
  try {
    if (statSync(path).size > configBytesMax) throw new UsageError(`${path} has more than 1 MiB`);
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (reason) {
    if (reason instanceof UsageError) throw reason;
    const isEncoding = reason instanceof TypeError;
    throw new UsageError(isEncoding ? `${path} is not in UTF-8` : `${path}: ${explainFileError(reason)}`, {
      cause: reason,
    });
  }
}

/** Converts an error to one line. The parser's message contains the lines around a mistake, which may have a secret. */
function toMistake(reason: unknown, text: string, path: string): unknown {
  if (reason instanceof TomlError) {
    const [first = ""] = reason.message.split("\n", 1);
    return new UsageError(`${path}:${reason.line}: ${first.replace(/^Invalid TOML document: /, "")}`);
  }
  if (!(reason instanceof MisplacedValue)) return reason;
  const key = formatPath(reason.path);
  const place = reason.path.length === 0 ? path : `${path}:${findLine(text, reason.path)}`;
  return new UsageError(`${place}: ${key === "" ? "" : `${key}: `}${reason.message}`);
}
