import { limitNames, toKebabCase, type ServerLimits } from "../../server/index.ts";
import type { TomlTable } from "./toml-value.ts";

/** The largest value of a limit: past it, numbers of JavaScript are not exact. */
const limitMax = Number.MAX_SAFE_INTEGER;

/** Reads the table `limits`: one key for each limit of a server. */
export function readLimits(table: TomlTable): Partial<ServerLimits> {
  const entries = limitNames.map((name) => [name, table.get(toKebabCase(name))?.integer(1, limitMax)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
