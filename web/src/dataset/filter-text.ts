import type { DataType } from "hangar/flight";

/** Words of the filter's own, which a column of that name has to be quoted against. */
const words = new Set(["and", "or", "not", "in", "is", "null", "starts", "with", "true", "false", "like", "between"]);

/** A column's name as a filter takes it: in double quotes where it is no plain word; pure. */
export function quoteColumn(name: string): string {
  const isPlain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !words.has(name.toLowerCase());
  return isPlain ? name : `"${name.replaceAll('"', '""')}"`;
}

/** A value, as docs/rows.md writes it, as a filter takes it for a type; pure. */
export function quoteValue({ kind }: DataType, text: string): string {
  if (kind === "bool") return text;
  if ((kind === "int" || kind === "float" || kind === "decimal") && /^-?\d+(\.\d+)?$/.test(text)) return text;
  return `'${text.replaceAll("'", "''")}'`;
}

/** A filter with one condition more; pure. */
export function addCondition(filter: string, condition: string): string {
  return filter.trim() === "" ? condition : `${filter.trim()} and ${condition}`;
}
