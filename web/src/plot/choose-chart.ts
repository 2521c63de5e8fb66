import type { Field } from "hangar/flight";
import type { Chart } from "../state/view.ts";
import { isDate, isPlottable } from "./axis.ts";

/** Points that are drawn at most; more lie above each other. */
export const pointsMax = 10_000;

/** Charts that can draw a column along x. */
export function chartsOf(x: Field): readonly Chart[] {
  return isPlottable(x) ? ["points", "line", "histogram", "bar", "box", "heat"] : ["bar", "box"];
}

/** The chart for columns and so many rows, where nobody has chosen one; pure. */
export function chooseChart(x: Field, colour: Field | undefined, rowCount: number): Chart {
  if (!isPlottable(x)) return "bar";
  if (rowCount <= pointsMax) return "points";
  if (colour !== undefined && isPlottable(colour)) return "points";
  if (isDate(x)) return "line";
  return colour === undefined ? "heat" : "points";
}

/** Whether a chart draws Y, and not only how many rows there are; pure. */
export function drawsY(chart: Chart | undefined, isMean: boolean): boolean {
  return isMean || (chart !== "histogram" && chart !== "bar");
}

/** The column that a chart is coloured by; undefined where it has no colours for the column's values; pure. */
export function colourOf<F extends Field>(
  chart: Chart | undefined,
  colour: F | undefined,
  isMean: boolean,
): F | undefined {
  if (colour === undefined || !drawsColour(chart, isMean)) return undefined;
  if (chart === "heat") return isMean && isPlottable(colour) ? colour : undefined;
  const hasNumbers = chart === undefined || chart === "points";
  return hasNumbers || !isPlottable(colour) ? colour : undefined;
}

/** What says that a chart does not draw the column that is chosen as its colour; undefined if it does; pure. */
export function undrawnColourWords(chart: Chart, colour: Field | undefined, isMean: boolean): string | undefined {
  // Where no column can be, there is no choice of one.
  if (colour === undefined || !drawsColour(chart, isMean) || colourOf(chart, colour, isMean)) return undefined;
  if (chart === "heat" && isPlottable(colour)) return `Choose the mean of Colour to show ${colour.name}.`;
  return chart === "heat"
    ? `${colour.name} is not shown: a heat map has colours for numbers only.`
    : `${colour.name} is not shown: this chart has colours for groups only, and points for numbers too.`;
}

/** Whether a chart can be coloured by some column; pure. */
export function drawsColour(chart: Chart | undefined, isMean: boolean): boolean {
  return chart !== "box" && !(isMean && (chart === "bar" || chart === "histogram"));
}

/** What a chart is called in a list of them. */
export const chartNames: Readonly<Record<Chart, string>> = {
  points: "Points",
  line: "Line",
  histogram: "Histogram",
  bar: "Bars",
  box: "Boxes",
  heat: "Heat map",
};
