import type { DataType, Field } from "hangar/flight";
import { formatScalar, ticksPerSecond } from "hangar/rows";
import type { PlotField } from "./plot-field.ts";
import { isMeasure } from "../table/sort-key.ts";

/** Whether a column has numbers or times, which have a place on an axis. */
export function isPlottable({ type, dictionary }: Field): boolean {
  return !dictionary && isMeasure(type);
}

/** Whether an axis is one of dates; its numbers are milliseconds since 1970, or what the clocks of its zone show. */
export function isDate({ type, dictionary }: Field): boolean {
  return !dictionary && (type.kind === "timestamp" || type.kind === "date");
}

/** Axis numbers of one unit of a type's stored values: of dates milliseconds, of other times seconds. */
export function unitOf(type: DataType): number {
  switch (type.kind) {
    case "decimal":
      return 10 ** -type.scale;
    case "timestamp":
      return 1000 / Number(ticksPerSecond[type.unit]);
    case "time":
    case "duration":
      return 1 / Number(ticksPerSecond[type.unit]);
    case "date":
      return type.unit === "day" ? 86_400_000 : 1;
    default:
      return 1;
  }
}

/** What stands at an axis: the column's name and the unit of its numbers; pure. */
export function axisLabel(field: PlotField): string {
  if (isDate(field)) return `${field.name} (${field.zone ?? "UTC"})`;
  return field.type.kind === "duration" ? `${field.name} (seconds)` : field.name;
}

/** A number of an axis as a value of its column; pure. */
export function axisText(field: Field, value: number): string {
  const { type } = field;
  if (type.kind === "float" && type.bitWidth === 32) return formatScalar(field)(value);
  if (isDate(field)) {
    return new Date(value)
      .toISOString()
      .replace("T", " ")
      .replace(/(\.000)?Z$/, "")
      .replace(/ 00:00:00$/, "");
  }
  if (type.kind === "time")
    return new Date(1000 * value)
      .toISOString()
      .slice(11)
      .replace(/(\.000)?Z$/, "");
  if (type.kind === "duration") return `${tickText(value)} s`;
  return tickText(value);
}

const grouped = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 12 });

/** A number that there is room for few characters of; pure. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size >= 1e9 || size < 1e-4)
    ? value
        .toExponential(3)
        .replace(/\.?0+e/, "e")
        .replace("e+", "e")
    : grouped.format(value);
}

/** The columns that a plot begins with: a time and the first measure, or two measures; numbers with a fraction before others. */
export function firstAxes(fields: readonly Field[]): {
  readonly x: string | undefined;
  readonly y: string | undefined;
} {
  const measures = fields.filter((field) => isPlottable(field) && !isDate(field));
  const isReal = ({ type }: Field): boolean => type.kind === "float" || type.kind === "decimal";
  const ranked = [...measures.filter(isReal), ...measures.filter((field) => !isReal(field))].map(({ name }) => name);
  const dates = fields.filter(isDate).map(({ name }) => name);
  const [x, y] = dates.length > 0 ? [dates[0], ranked[0] ?? dates[1]] : ranked;
  return { x, y: y ?? x };
}
