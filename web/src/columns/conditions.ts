import type { Field } from "hangar/flight";
import { quoteField } from "../selection/column-fields.ts";
import { quoteValue } from "../selection/filter-text.ts";
import type { ColumnSummary } from "./summary.ts";
import { shownType } from "../table/show-cells.ts";
import type { CountedText } from "./value-counts.ts";

/** The filter for the rows of one value; undefined where the value is not known as a whole; pure. */
export function valueCondition(field: Field, { text, isCut }: CountedText): string | undefined {
  return isCut ? undefined : `${quoteField(field)} = ${quoteValue(shownType(field), text)}`;
}

/**
 * The filter for the rows of one bar; pure. The bounds of the column stand for the outer edges, which the type may have no
 * values for.
 */
export function barCondition(field: Field, { distribution, min, max }: ColumnSummary, index: number): string {
  if (distribution.kind !== "histogram") throw new RangeError("only histograms have bars");
  const { bars, isEach } = distribution;
  const compare = (operator: string, text: string): string =>
    `${quoteField(field)} ${operator} ${quoteValue(shownType(field), text)}`;
  const from = bars[index]!.from;
  if (isEach) return compare("=", from);
  const to = bars[index + 1]?.from;
  const upper = to === undefined ? compare("<=", max!.text) : compare("<", to);
  return `${compare(">=", index === 0 ? min!.text : from)} and ${upper}`;
}
