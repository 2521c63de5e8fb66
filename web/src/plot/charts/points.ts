import { dot } from "@observablehq/plot";
import { axisLabel, tickText } from "../axis.ts";
import { extentOf } from "../bin-rows.ts";
import type { Channel } from "../channel.ts";
import { pointsMax } from "../choose-chart.ts";
import { groupColours, rankGroups } from "../groups.ts";
import { sampleRows, type PlotRows } from "../plot-rows.ts";
import { groupsMax, tipStyle, type Drawing } from "./drawing.ts";
import { valueAt } from "./mark-words.ts";

/** Points that hide each other, and so are smaller. */
const manyPoints = 500;

/** Draws a point for each row, or for rows drawn at random; pure. */
export function drawPoints({ x, y, colour, count }: PlotRows): Drawing {
  const sample = sampleRows(count, pointsMax);
  const groups = colour?.labels && rankGroups(colour, groupsMax);
  const take = (channel: Channel): number[] => Array.from(sample, (row) => channel.values[row]!);
  const fill = groups ? Array.from(sample, (row) => groups.labels[groups.of[row]!]!) : colour && take(colour);
  const title = Array.from(sample, (row) =>
    [x, y!, colour]
      .filter((channel) => channel !== undefined)
      .map((channel) => `${channel.field.name}: ${valueAt(channel, row)}`)
      .join("\n"),
  );
  const extent = colour && !groups ? extentOf(colour.values) : undefined;
  return {
    marks: [
      dot(sample, {
        x: take(x),
        y: take(y!),
        r: sample.length > manyPoints ? 2 : 3.5,
        fill: fill ?? "var(--series-1)",
        fillOpacity: sample.length > manyPoints ? 0.6 : 0.9,
        title,
        tip: tipStyle,
      }),
    ],
    readings: Array.from(sample, (row, i) => ({ x: x.values[row]!, y: y!.values[row]!, text: title[i]! })),
    xLabels: undefined,
    yLabel: axisLabel(y!.field),
    hasYValues: true,
    colour: groups
      ? { kind: "groups", labels: groups.labels, colours: groupColours(groups) }
      : extent && { kind: "numbers", label: axisLabel(colour!.field), extent, isCount: false },
    words: sample.length < count ? `It shows ${tickText(sample.length)} points, drawn at random from these.` : "",
  };
}
