import { barY, rectY } from "@observablehq/plot";
import { axisLabel } from "../axis.ts";
import { fillBins } from "../bin-rows.ts";
import { groupColours, oneGroup, rankGroups } from "../groups.ts";
import { formatCounted } from "../../ui/format.ts";
import { groupsMax, partsMax, tipStyle, type ChartOptions, type Drawing } from "./drawing.ts";
import { binWords, eachWords } from "./mark-words.ts";
import { barDomainOf, placesOf } from "./places.ts";

/** Draws the number of rows, or the mean of Y, for each value or part of X; pure. */
export function drawBars({ rows, isMean, zoom }: ChartOptions): Drawing {
  const { x, y, colour, count } = rows;
  const byMean = isMean && y !== undefined;
  const groups = colour?.labels && !byMean ? rankGroups(colour, groupsMax) : oneGroup(count);
  const place = placesOf(x, partsMax.bar, zoom.x);
  const bins = fillBins(count, place.count * groups.labels.length, {
    binOf: (row) => place.of(row) * groups.labels.length + groups.of[row]!,
    valueOf: (row) => y?.values[row] ?? 0,
  });
  const isOne = groups.labels.length === 1;
  const heights = new Float64Array(place.count);
  const data = bins.map((bin) => {
    const part = Math.floor(bin.bin / groups.labels.length);
    const value = byMean ? bin.mean : bin.count;
    const below = heights[part]!;
    heights[part] = below + value;
    const group = groups.labels[bin.bin % groups.labels.length]!;
    const words = byMean ? binWords(y, bin) : [formatCounted(bin.count, "row")];
    return {
      ...place.at(part),
      value,
      // Bars of one place are drawn above each other.
      middle: below + value / 2,
      group,
      fill: place.colourOf(part),
      title: [place.words(part), group, ...words].filter(Boolean).join("\n"),
    };
  });
  const fill = isOne ? "fill" : "group";
  const look = { y: "value", fill, inset: 0.5, title: "title", tip: tipStyle } as const;
  return {
    marks: [place.labels ? barY(data, { ...look, x: "label" }) : rectY(data, { ...look, x1: "x1", x2: "x2" })],
    readings: data.map((bar) => ({
      x: "label" in bar ? bar.label : (bar.x1 + bar.x2) / 2,
      y: bar.middle,
      text: bar.title,
    })),
    xLabels: place.labels,
    yLabel: byMean ? `mean of ${axisLabel(y.field)}` : "rows",
    hasYValues: false,
    colour: isOne ? undefined : { kind: "groups", labels: groups.labels, colours: groupColours(groups) },
    ...(place.parts ? { domains: { x: barDomainOf(x, place.parts) } } : {}),
    words: `It shows the ${byMean ? `mean of ${y.field.name}` : "number of rows"} for each ${place.parts ? eachWords(x, place.parts) : x.field.name}.`,
  };
}
