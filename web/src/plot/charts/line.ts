import { areaY, dot, lineY } from "@observablehq/plot";
import { axisLabel } from "../axis.ts";
import { edgeOf, extentOf, fillBins, partOf } from "../bin-rows.ts";
import { groupColours, oneGroup, rankGroups } from "../groups.ts";
import { groupsMax, partsMax, tipStyle, type ChartOptions, type Drawing } from "./drawing.ts";
import { binWords, eachWords, isEachValue, partWords, valueAt } from "./mark-words.ts";
import { partsOf } from "./places.ts";

/** Draws the mean of Y over X, a line for each group; pure. */
export function drawLine({ rows: { x, y, colour, count }, zoom, isBandHidden }: ChartOptions): Drawing {
  const groups = colour?.labels ? rankGroups(colour, groupsMax) : oneGroup(count);
  const parts = partsOf(x, partsMax.line, zoom.x);
  const isEach = count <= partsMax.line;
  const points = isEach
    ? Array.from({ length: count }, (_, row) => ({
        x: x.values[row]!,
        y: y!.values[row]!,
        low: y!.values[row]!,
        high: y!.values[row]!,
        group: groups.labels[groups.of[row]!]!,
        title: `${x.field.name}: ${valueAt(x, row)}\n${y!.field.name}: ${valueAt(y!, row)}`,
      })).sort((a, b) => a.x - b.x)
    : fillBins(count, parts.count * groups.labels.length, {
        binOf: (row) => groups.of[row]! * parts.count + partOf(parts, x.values[row]!),
        valueOf: (row) => y!.values[row]!,
      }).map((bin) => {
        const part = bin.bin % parts.count;
        const group = groups.labels[Math.floor(bin.bin / parts.count)]!;
        return {
          x: isEachValue(x, parts) ? edgeOf(parts, part) : (edgeOf(parts, part) + edgeOf(parts, part + 1)) / 2,
          y: bin.mean,
          low: bin.min,
          high: bin.max,
          group,
          title: [group, partWords(x, parts, part), ...binWords(y!, bin)].filter(Boolean).join("\n"),
        };
      });
  const isOne = groups.labels.length === 1;
  const hasBand = isOne && !isEach && !isBandHidden;
  const series = { x: "x", z: "group" } as const;
  const stroke = isOne ? "var(--series-1)" : "group";
  return {
    marks: [
      ...(hasBand
        ? [areaY(points, { ...series, y1: "low", y2: "high", fill: "var(--series-1)", fillOpacity: 0.18 })]
        : []),
      lineY(points, { ...series, y: "y", stroke, strokeWidth: 1.5 }),
      // A part between others without rows has no line.
      dot(points, { x: "x", y: "y", r: 1.5, fill: stroke, title: "title", tip: tipStyle }),
    ],
    readings: points.map(({ x, y, title }) => ({ x, y, text: title })),
    xLabels: undefined,
    yLabel: isEach ? axisLabel(y!.field) : `mean of ${axisLabel(y!.field)}`,
    hasYValues: true,
    colour: isOne ? undefined : { kind: "groups", labels: groups.labels, colours: groupColours(groups) },
    ...(hasBand || isEach ? {} : { domains: { y: extentOf(points.map((point) => point.y)) ?? [0, 1] } }),
    words: isEach
      ? ""
      : `It shows the mean for each ${eachWords(x, parts)}${hasBand ? ", in a band from the least to the greatest value" : ""}.`,
  };
}
