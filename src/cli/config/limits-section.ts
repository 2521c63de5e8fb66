import { limitMaxOf, limitNames, toKebabCase, type ServerLimits } from "../../server/index.ts";
import type { TomlTable } from "./toml-value.ts";

/** Reads the table `limits`, which has a key for each limit of a server. */
export function readLimits(table: TomlTable): Partial<ServerLimits> {
  const entries = limitNames.map((name) => [name, table.get(toKebabCase(name))?.integer(1, limitMaxOf(name))] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
