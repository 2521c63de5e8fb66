import type { Field } from "hangar/flight";
import { typedZone } from "../selection/column-condition.ts";
import { columnFields, type ColumnField } from "../selection/column-fields.ts";
import type { ShownZone } from "../table/value-format.ts";

/** What a plot draws: a column, or a field of a struct. */
export interface PlotField extends Field, Pick<ColumnField, "path"> {
  /** The zone whose clocks its axis shows; left out for UTC. */
  readonly zone?: string;
}

/** What of a dataset can be drawn, its times in a zone; pure. */
export function plotFields(fields: readonly Field[], zone: ShownZone): readonly PlotField[] {
  const simple = columnFields(fields).filter(({ children }) => children.length === 0);
  return simple.map((field) => inZone(field, zone));
}

/** Whether a column has times with a zone, which can be shown in others. */
export function hasZone({ type, dictionary }: Field): boolean {
  return !dictionary && type.kind === "timestamp" && type.timezone !== "";
}

function inZone(field: Field, zone: ShownZone): PlotField {
  if (zone === "utc" || field.type.kind !== "timestamp" || !hasZone(field)) return field;
  return { ...field, zone: typedZone(field.type.timezone, zone) };
}
