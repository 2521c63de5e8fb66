import type { Chart } from "../../state/view.ts";
import { drawBars } from "./bars.ts";
import { drawBoxes } from "./boxes.ts";
import type { ChartOptions, Drawing } from "./drawing.ts";
import { drawHeat } from "./heat.ts";
import { drawLine } from "./line.ts";
import { drawPoints } from "./points.ts";

/** Draws rows as a chart; pure. */
export function drawChart(chart: Chart, options: ChartOptions): Drawing {
  switch (chart) {
    case "points":
      return drawPoints(options.rows);
    case "line":
      return drawLine(options);
    case "box":
      return drawBoxes(options);
    case "heat":
      return drawHeat(options);
    default:
      return drawBars(options);
  }
}
