import { quoteText, type DataType, type Field } from "hangar/flight";
import { shownType } from "../table/show-cells.ts";
import type { ShownZone } from "../table/value-format.ts";
import { quoteField } from "./column-fields.ts";
import { quoteValue } from "./filter-text.ts";

/** What a person says of a column. Empty texts say nothing. */
export interface ColumnChoice {
  /** The least value, as it was typed. */
  readonly from: string;
  /** The greatest value. */
  readonly to: string;
  /** A part of the text. */
  readonly part: string;
  /** Whether upper and lower case of the part count. */
  readonly isCaseSensitive: boolean;
  /** Values as docs/rows.md writes them, of which a row has one. */
  readonly values: readonly string[];
  /** `out` says nothing of nulls, which no other condition selects. */
  readonly nulls: "out" | "also" | "only" | "none";
}

/** A choice that says nothing. */
export const noChoice: ColumnChoice = {
  from: "",
  to: "",
  part: "",
  isCaseSensitive: false,
  values: [],
  nulls: "out",
};

/** How a column is asked about. */
export type ColumnWidget = "range" | "text" | "values" | "nulls";

/** How a column of a type is asked about; pure. */
export function widgetOf({ type, children }: Field): ColumnWidget {
  if (children.length > 0) return "nulls";
  switch (type.kind) {
    case "int":
    case "float":
    case "decimal":
    case "date":
    case "time":
    case "timestamp":
    case "duration":
      return "range";
    case "utf8":
    case "large_utf8":
    case "utf8_view":
      return "text";
    case "null":
    case "interval":
      return "nulls";
    default:
      return "values";
  }
}

/**
 * The condition that a choice means, as the text of a filter; empty if it says nothing; pure.
 *
 * @param zone - the zone that times are shown in, and typed in
 */
export function columnCondition(field: Field, choice: ColumnChoice, zone: ShownZone = "utc"): string {
  const { type } = field;
  const column = quoteField(field);
  const { from, to, part, isCaseSensitive, values, nulls } = choice;
  if (nulls === "only") return `${column} is null`;
  const value = (text: string): string => quoteTyped(type, text.trim(), zone);
  const list = values.map((each) => quoteValue(shownType(field), each));
  const conditions = [
    from !== "" && to !== "" && `${column} between ${value(from)} and ${value(to)}`,
    from !== "" && to === "" && `${column} >= ${value(from)}`,
    from === "" && to !== "" && `${column} <= ${value(to)}`,
    part !== "" && `${column} ${isCaseSensitive ? "contains" : "icontains"} ${quoteText(part)}`,
    list.length === 1 && `${column} = ${list[0]!}`,
    list.length > 1 && `${column} in (${list.join(", ")})`,
  ].filter((each) => each !== false);
  if (nulls === "none" && conditions.length === 0) return `${column} is not null`;
  const all = conditions.join(" and ");
  if (nulls !== "also") return all;
  if (all === "") return "";
  return `${conditions.length > 1 ? `(${all})` : all} or ${column} is null`;
}

/** Whether a range ends before it begins; false where that cannot be told; pure. */
export function isReversed({ type }: Field, { from, to }: Pick<ColumnChoice, "from" | "to">): boolean {
  if (from === "" || to === "") return false;
  switch (type.kind) {
    case "int":
    case "float":
    case "decimal":
      return Number(from) > Number(to);
    case "date":
    case "time":
    case "timestamp":
      // Of one form, as the inputs give them.
      return /^\d/.test(from) && from.length === to.length && from > to;
    default:
      return false;
  }
}

/** The zone that the times of a column are typed in: the name of one, or an offset; pure. */
export function typedZone(columnZone: string, zone: ShownZone): string {
  if (zone === "column") return columnZone;
  return zone === "local" ? new Intl.DateTimeFormat().resolvedOptions().timeZone : "UTC";
}

/** A value that somebody has typed, as a filter takes it. A time without a zone is one of the zone that is shown; pure. */
export function quoteTyped(type: DataType, text: string, zone: ShownZone): string {
  if (type.kind !== "timestamp" || type.timezone === "" || !/^\d{4}-\d\d-\d\d([T ][\d:.]+)?$/.test(text)) {
    return quoteValue(type, text);
  }
  const timezone = typedZone(type.timezone, zone);
  if (timezone === "UTC") return quoteText(`${text}Z`);
  return quoteText(/^[+-]/.test(timezone) ? `${text}${timezone}` : `${text} ${timezone}`);
}
