import { rect } from "@observablehq/plot";
import { axisLabel } from "../axis.ts";
import { edgeOf, extentOf, fillBins, partOf } from "../bin-rows.ts";
import { formatCounted } from "../../ui/format.ts";
import { partsMax, tipStyle, yPartsMax, type ChartOptions, type Drawing } from "./drawing.ts";
import { binWords, partWords, tickWidth } from "./mark-words.ts";
import { domainOf, partsOf } from "./places.ts";

/** Draws the number of rows, or the mean of the colour's column, in cells; pure. */
export function drawHeat({ rows: { x, y, colour, count }, isMean, zoom }: ChartOptions): Drawing {
  const [xParts, yParts] = [partsOf(x, partsMax.heat, zoom.x), partsOf(y!, yPartsMax, zoom.y)];
  const byMean = isMean && colour !== undefined && colour.labels === undefined;
  const bins = fillBins(count, xParts.count * yParts.count, {
    binOf: (row) => partOf(xParts, x.values[row]!) * yParts.count + partOf(yParts, y!.values[row]!),
    valueOf: (row) => (byMean ? colour.values[row]! : 0),
  });
  const cells = bins.map((bin) => {
    const [part, yPart] = [Math.floor(bin.bin / yParts.count), bin.bin % yParts.count];
    return {
      x1: edgeOf(xParts, part),
      x2: edgeOf(xParts, part + 1),
      y1: edgeOf(yParts, yPart),
      y2: edgeOf(yParts, yPart + 1),
      value: byMean ? bin.mean : bin.count,
      title: [
        partWords(x, xParts, part),
        partWords(y!, yParts, yPart),
        ...(byMean ? binWords(colour, bin) : [formatCounted(bin.count, "row")]),
      ].join("\n"),
    };
  });
  const extent = extentOf(cells.map(({ value }) => value)) ?? [0, 1];
  return {
    marks: [rect(cells, { x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: "value", title: "title", tip: tipStyle })],
    readings: cells.map(({ x1, x2, y1, y2, title }) => ({ x: (x1 + x2) / 2, y: (y1 + y2) / 2, text: title })),
    xLabels: undefined,
    yLabel: axisLabel(y!.field),
    hasYValues: true,
    colour: {
      kind: "numbers",
      label: byMean ? `mean of ${axisLabel(colour.field)}` : "rows, on a logarithmic scale",
      extent: byMean ? extent : [1, Math.max(2, extent[1])],
      isCount: !byMean,
    },
    domains: { x: domainOf(xParts), y: domainOf(yParts) },
    words: `It shows ${byMean ? `the mean of ${colour.field.name}` : "the number of rows"} in cells of ${tickWidth(x, xParts)} by ${tickWidth(y!, yParts)}.`,
  };
}
