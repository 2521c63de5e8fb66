import type { DataType, Field } from "hangar/flight";
import { isBinary, showWhole } from "../table/show-cells.ts";

/** Words of the filter's own, which a column of that name has to be quoted against. */
const words = new Set(["and", "or", "not", "in", "is", "null", "starts", "with", "true", "false", "like", "between"]);

/** A column's name as a filter takes it: in double quotes where it is no plain word; pure. */
export function quoteColumn(name: string): string {
  const isPlain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !words.has(name.toLowerCase());
  return isPlain ? name : `"${name.replaceAll('"', '""')}"`;
}

/** A value, as docs/rows.md writes it, as a filter takes it for a type; pure. */
export function quoteValue(type: DataType, text: string): string {
  const { kind } = type;
  // Short texts of base64 may be hexadecimal as well, which no filter takes.
  if (isBinary(type)) return `'${showWhole(type, text)}'`;
  if (kind === "bool") return text;
  if ((kind === "int" || kind === "float" || kind === "decimal") && /^-?\d+(\.\d+)?$/.test(text)) return text;
  return `'${text.replaceAll("'", "''")}'`;
}

/** Whether the server compares values of a column; pure. */
export function isFilterable({ type, children }: Field): boolean {
  return children.length === 0 && !["interval", "null"].includes(type.kind);
}

/** A filter that some columns of a dataset could have, to begin with; pure. */
export function exampleFilter(fields: readonly Field[]): string {
  const short = fields.filter(({ name }) => name.length > 0 && name.length <= 20);
  const number = short.find(({ type, dictionary }) => !dictionary && (type.kind === "int" || type.kind === "float"));
  const other = short.find((field) => field !== number && isFilterable(field));
  const conditions = [
    number && `${quoteColumn(number.name)} > 10`,
    other && `${quoteColumn(other.name)} ${other.type.kind === "utf8" ? "in ('a', 'b')" : "is not null"}`,
  ];
  return conditions.filter(Boolean).join(" and ") || "column = 'value'";
}

/** A filter with one condition more, which is not there twice; pure. */
export function addCondition(filter: string, condition: string): string {
  const text = filter.trim();
  if (text === "" || text === condition) return condition;
  if (text.endsWith(` and ${condition}`)) return text;
  return /\sand$/i.test(text) ? `${text} ${condition}` : `${text} and ${condition}`;
}
