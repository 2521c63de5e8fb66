import { filterWords } from "./operators.ts";

/** Writes a column, or a path to a field of a struct, as the text of a filter has it. */
export function quoteColumn(column: string | readonly string[]): string {
  const path = typeof column === "string" ? [column] : column;
  return path.map(quoteName).join(".");
}

function quoteName(name: string): string {
  const isPlain = /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) && !filterWords.has(name.toLowerCase());
  return isPlain ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Puts a text in single quotes, as the text of a filter has strings. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
