import type { Chart, View } from "../state/view.ts";
import { firstAxes, isPlottable } from "./axis.ts";
import { chartsOf, drawsColour, drawsY } from "./choose-chart.ts";
import type { PlotField } from "./plot-field.ts";

/** What a plot is of, and what else could be chosen. */
export interface ChosenPlot {
  readonly x: PlotField | undefined;
  readonly y: PlotField | undefined;
  readonly colour: PlotField | undefined;
  /** The charts that can draw X, and Y where they need it. */
  readonly charts: readonly Chart[];
  /** The chart of the view; undefined for none of these. */
  readonly chosen: Chart | undefined;
  /** The chart that is drawn; undefined where the number of rows decides. */
  readonly chart: Chart | undefined;
  /** Whether the chart shows numbers of rows or means. */
  readonly hasMean: boolean;
  /** Whether there is a column to have the mean of. */
  readonly canMean: boolean;
  readonly isMean: boolean;
  /** Whether the chart draws Y, and the colour. */
  readonly hasY: boolean;
  readonly hasColour: boolean;
}

/** The plot that a view means, of the columns that can be drawn; what the view does not say is chosen; pure. */
export function choosePlot(fields: readonly PlotField[], view: View): ChosenPlot {
  const first = firstAxes(fields);
  const find = (name: string | undefined) => fields.find((field) => field.name === name);
  const x = find(view.x) ?? find(first.x) ?? fields[0];
  const chosenY = find(view.y);
  const y = chosenY && isPlottable(chosenY) ? chosenY : find(first.y);
  const colour = find(view.colour);
  const charts = x ? chartsOf(x).filter((chart) => y !== undefined || !needsY(chart)) : [];
  const chosen = charts.find((each) => each === view.chart);
  const chart = chosen ?? (x && !isPlottable(x) ? "bar" : undefined);
  const hasMean = chart === "histogram" || chart === "bar" || chart === "heat";
  const canMean = chart === "heat" ? colour !== undefined && isPlottable(colour) : y !== undefined;
  const isMean = hasMean && canMean && view.isMean;
  const hasY = drawsY(chart, isMean);
  const hasColour = drawsColour(chart, isMean);
  return { x, y, colour, charts, chosen, chart, hasMean, canMean, isMean, hasY, hasColour };
}

function needsY(chart: Chart): boolean {
  return chart !== "histogram" && chart !== "bar";
}
