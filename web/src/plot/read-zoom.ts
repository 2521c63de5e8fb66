import type { Field } from "hangar/flight";
import type { Chart } from "../state/view.ts";
import { isDate, isPlottable } from "./axis.ts";
import { partsMax, yPartsMax } from "./charts/drawing.ts";
import { divideAxis, domainOf } from "./charts/places.ts";
import type { PlotFields } from "./plot-rows.ts";
import type { Range, Zoom } from "./zoom.ts";

/** Which rows are read of a part that is looked at. */
export interface ReadZoom extends Zoom {
  /** Whether the ends of the ranges are exclusive. */
  readonly isEndOpen: boolean;
}

/**
 * Which rows a chart needs of the part that is looked at; pure. A chart that sums rows up needs all rows of each part of
 * its axes, so that a mean, a quartile or a count is what it is without a zoom: Y only crops the axis, and X goes on to
 * the edges of the parts. Points need those that are looked at.
 *
 * @param chart - undefined where the number of rows decides: by points, or else by a line over time or a heat map
 */
export function readZoomOf(chart: Chart | undefined, { x, y }: PlotFields, zoom: Zoom): ReadZoom {
  const kind = chart ?? (isDate(x) ? "line" : "heat");
  if (kind === "points") return { ...zoom, isEndOpen: false };
  const whole = (field: Field | undefined, range: Range | undefined, countMax: number): Range | undefined =>
    field && range && isPlottable(field) ? domainOf(divideAxis(field, range, countMax)) : range;
  return {
    x: whole(x, zoom.x, partsMax[kind]),
    y: kind === "heat" ? whole(y, zoom.y, yPartsMax) : undefined,
    isEndOpen: true,
  };
}
