import { quoteColumn, quoteText, splitFilter, type DataType, type Field, type FilterPart } from "hangar/flight";
import { fieldPath, quoteField, type ColumnField } from "./column-fields.ts";
import { isBinary, shownType, showWhole } from "../table/show-cells.ts";

/** A value, as docs/rows.md writes it, as a filter takes it for a type; pure. */
export function quoteValue(type: DataType, text: string): string {
  const { kind } = type;
  if (isBinary(type)) return `'${showWhole(type, text)}'`;
  if (kind === "bool") return text;
  if ((kind === "int" || kind === "float" || kind === "decimal") && /^-?\d+(\.\d+)?$/.test(text)) return text;
  return quoteText(text);
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

/**
 * A filter with one condition more, which is not there twice; pure. A condition that somebody has only begun goes to
 * the end, and so does any condition after a filter that is not finished.
 */
export function addCondition(filter: string, condition: string): string {
  const text = filter.trim();
  const [parts, added] = [textsOf(text), textsOf(condition)];
  if (parts && added) return [...new Set([...parts, ...added])].join(" and ");
  if (text === "" || text === condition) return condition;
  const before = parts ? parts.join(" and ") : text;
  return /\sand$/i.test(before) ? `${before} ${condition}` : `${before} and ${condition}`;
}

/**
 * A filter in which a condition takes the place of those about the same column alone, or field of a struct; pure. Parts
 * about several columns stay.
 *
 * @param condition - empty for no condition
 */
export function setCondition(filter: string, column: ColumnField, condition: string): string {
  const parts = splitFilter(filter)?.filter((part) => !isAbout(part, column));
  const rest = parts === undefined ? filter.trim() : parts.map(({ text }) => text).join(" and ");
  return condition === "" ? rest : addCondition(rest, condition);
}

/** What a filter says of one column alone, as a filter; empty for nothing; pure. */
export function conditionOf(filter: string, column: ColumnField): string {
  const parts = splitFilter(filter)?.filter((part) => isAbout(part, column)) ?? [];
  return parts.map(({ text }) => text).join(" and ");
}

/** Whether a part of a filter is about one column alone. */
function isAbout({ columns }: FilterPart, column: ColumnField): boolean {
  const path = JSON.stringify(fieldPath(column));
  return columns.every((each) => JSON.stringify(each) === path);
}

/** The conditions for a value of a cell: rows that have it, and rows that have another one or none; pure. */
export function cellConditions(field: Field, text: string | null): { only: string; not: string } {
  const column = quoteField(field);
  if (text === null) return { only: `${column} is null`, not: `${column} is not null` };
  const value = quoteValue(shownType(field), text);
  return { only: `${column} = ${value}`, not: `(${column} != ${value} or ${column} is null)` };
}

function textsOf(filter: string): readonly string[] | undefined {
  return splitFilter(filter)?.map(({ text }) => text);
}
