import { formatScalar } from "hangar/rows";
import { quoteField } from "../selection/column-fields.ts";
import { quoteValue } from "../selection/filter-text.ts";
import { isDate, unitOf } from "./axis.ts";
import type { PlotField } from "./plot-field.ts";
import { zoneClock } from "./zone-clock.ts";

/** A part of an axis, both ends inclusive. */
export type Range = readonly [number, number];

/** The part of a plot that is looked at; an axis that is looked at as a whole has no range. */
export interface Zoom {
  readonly x: Range | undefined;
  readonly y: Range | undefined;
}

/** Reads a zoom out of the URL: `x0_x1` or `x0_x1_y0_y1`; what makes no sense is none; pure. */
export function parseZoom(text: string | undefined): Zoom {
  const numbers = (text ?? "").split("_").map((part) => (part === "" ? NaN : Number(part)));
  const rangeAt = (at: number): Range | undefined => {
    const [from, to] = [numbers[at] ?? NaN, numbers[at + 1] ?? NaN];
    return Number.isFinite(from) && Number.isFinite(to) && from < to ? [from, to] : undefined;
  };
  return { x: rangeAt(0), y: rangeAt(2) };
}

/** Writes a zoom, which `parseZoom` reads as the same; pure. */
export function formatZoom({ x, y }: Zoom): string | undefined {
  if (x === undefined && y === undefined) return undefined;
  return [...(x ?? ["", ""]), ...(y ?? [])]
    .map((end) => (typeof end === "number" ? Number(end.toPrecision(12)) : ""))
    .join("_");
}

/**
 * A part around a place, so many times as wide as what is shown: of X, or of Y where X has categories. The other axis
 * stays as it is. Pure.
 */
export function zoomAround(
  zoom: Zoom,
  shown: Zoom,
  place: { readonly x: number | string; readonly y: number },
  factor: number,
): Zoom {
  const around = (range: Range | undefined, at: number): Range | undefined => {
    if (range === undefined || (factor > 1 && (zoom.x ?? zoom.y) === undefined)) return undefined;
    const half = ((range[1] - range[0]) * factor) / 2;
    return [at - half, at + half];
  };
  if (typeof place.x === "number") return { ...zoom, x: around(shown.x, place.x) };
  return { ...zoom, y: around(shown.y, place.y) };
}

/**
 * The filter for the rows of a range, with its end or without; pure. Where clocks change, a range of what they show may be
 * met by rows that are not in it.
 */
export function rangeCondition(field: PlotField, range: Range, isEndOpen = false): string {
  const clock = field.zone === undefined ? undefined : zoneClock(field.zone);
  const [from, to] = clock ? [clock.timesOf(range[0])[0], clock.timesOf(range[1])[1]] : range;
  const compare = (operator: string, text: string): string =>
    `${quoteField(field)} ${operator} ${quoteValue(field.type, text)}`;
  return `${compare(">=", valueText(field, from, Math.floor))} and ${compare(isEndOpen ? "<" : "<=", valueText(field, to, Math.ceil))}`;
}

/** A number of an axis as a filter takes it. */
function valueText(field: PlotField, value: number, round: (value: number) => number): string {
  const { type } = field;
  if (type.kind === "float") return String(value);
  const stored = round(value / unitOf(type));
  const isNarrow =
    ((type.kind === "int" || type.kind === "time") && type.bitWidth < 64) ||
    (isDate(field) && type.kind === "date" && type.unit === "day");
  return formatScalar(field)(isNarrow ? stored : BigInt(stored));
}
