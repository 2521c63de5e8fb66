import type { Field } from "hangar/flight";
import { quoteColumn, quoteValue } from "../selection/filter-text.ts";
import type { ColumnSummary } from "./summarise.ts";
import type { CountedText } from "./value-counts.ts";

/** What a filter says to mean the rows of one value; undefined where none does; pure. */
export function valueCondition(field: Field, { text, isCut }: CountedText): string | undefined {
  const name = quoteColumn(field.name);
  if (!isCut) return `${name} = ${quoteValue(field.type, text)}`;
  return isText(field) ? `${name} starts with ${quoteValue(field.type, text)}` : undefined;
}

/**
 * What a filter says to mean the rows of one bar; pure. The bounds of the column stand for the outer edges, which the
 * type may have no values for.
 */
export function barCondition(field: Field, { distribution, min, max }: ColumnSummary, index: number): string {
  if (distribution.kind !== "histogram") throw new RangeError("only histograms have bars");
  const { bars, isEach } = distribution;
  const compare = (operator: string, text: string): string =>
    `${quoteColumn(field.name)} ${operator} ${quoteValue(field.type, text)}`;
  const from = bars[index]!.from;
  if (isEach) return compare("=", from);
  const to = bars[index + 1]?.from;
  const lower = index > 0 ? compare(">=", from) : min === "-Infinity" ? compare(">", min) : compare(">=", min!);
  const upper = to !== undefined ? compare("<", to) : max === "Infinity" ? compare("<", max) : compare("<=", max!);
  return `${lower} and ${upper}`;
}

function isText({ type }: Field): boolean {
  return ["utf8", "large_utf8", "utf8_view"].includes(type.kind);
}
