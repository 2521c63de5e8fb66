import { InvalidArgumentError, type Option } from "commander";
import { isBucketUrl } from "../../storage/index.ts";
import { PathOption } from "../options.ts";
import type { ReferencedFiles } from "./referenced-files.ts";
import type { TomlTable, TomlValue } from "./toml-value.ts";

/** The values of flags by attribute, such as `logLevel`. */
export type FlagValues = Readonly<Record<string, unknown>>;

/** Flags that are not allowed in a configuration file. */
const notInFile = ["config", "help"];

/**
 * Reads the flags in a configuration file, under their own names. A value is a list if the flag accepts several values;
 * otherwise a number, a boolean or text. Each value is checked like a flag of the command line.
 */
export function readFlags(top: TomlTable, options: readonly Option[], files: ReferencedFiles): FlagValues {
  const values: Record<string, unknown> = {};
  for (const option of options) {
    const name = option.long?.replace(/^--/, "") ?? "";
    const value = notInFile.includes(name) ? undefined : top.get(name);
    if (value) values[option.attributeName()] = readFlag(option, value, files);
  }
  return values;
}

function readFlag(option: Option, value: TomlValue, files: ReferencedFiles): unknown {
  if (option.isBoolean()) return value.boolean();
  if (option instanceof PathOption) return isBucketUrl(value.text()) ? value.text() : files.resolve(value);
  const check = (text: string, before: unknown): unknown => parse(option, text, { value, before });
  if (Array.isArray(option.defaultValue)) {
    return value.texts().reduce<unknown>((before, text) => check(text, before), []);
  }
  const isNumber = typeof option.defaultValue === "number";
  return check(isNumber ? String(value.integer(0, Number.MAX_SAFE_INTEGER)) : value.text(), undefined);
}

function parse(option: Option, text: string, { value, before }: { value: TomlValue; before: unknown }): unknown {
  if (option.argChoices) return value.choice(option.argChoices);
  try {
    return option.parseArg ? option.parseArg(text, before as never) : text;
  } catch (reason) {
    if (!(reason instanceof InvalidArgumentError)) throw reason;
    return value.fail(reason.message.replace(/^It must/, "must").replace(/\.$/, ""));
  }
}
