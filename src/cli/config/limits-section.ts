import { limitNames, toKebabCase, type ServerLimits } from "../../server/index.ts";
import type { TomlTable } from "./toml-value.ts";

/** The largest value of a limit. Larger numbers are not exact in JavaScript. */
const limitMax = Number.MAX_SAFE_INTEGER;

/** Reads the table `limits`, which has a key for each limit of a server. */
export function readLimits(table: TomlTable): Partial<ServerLimits> {
  const entries = limitNames.map((name) => [name, table.get(toKebabCase(name))?.integer(1, limitMax)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
