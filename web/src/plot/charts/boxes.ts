import { barY, ruleX, tickY } from "@observablehq/plot";
import { axisLabel, axisText } from "../axis.ts";
import { extentOf } from "../bin-rows.ts";
import { boxesOf } from "../boxes.ts";
import { formatCounted } from "../../ui/format.ts";
import { partsMax, tipStyle, type ChartOptions, type Drawing } from "./drawing.ts";
import { placesOf } from "./places.ts";

/** Draws the quartiles of Y for each value or part of X; pure. */
export function drawBoxes({ rows: { x, y }, zoom }: ChartOptions): Drawing {
  const place = placesOf(x, partsMax.box, zoom.x);
  const labelOf = (part: number): string => (place.labels ? place.labels[part]! : place.words(part));
  const boxes = boxesOf(y!.values as Float64Array, place.of, place.count).map((box) => {
    const text = (value: number): string => axisText(y!.field, value);
    const title = [
      labelOf(box.bin),
      `median ${text(box.median)}`,
      `middle half ${text(box.lowerQuartile)} to ${text(box.upperQuartile)}`,
      `whiskers ${text(box.low)} to ${text(box.high)}`,
      formatCounted(box.count, "row"),
    ].join("\n");
    return { ...box, label: labelOf(box.bin), fill: place.colourOf(box.bin), title };
  });
  const label = { x: "label" } as const;
  return {
    marks: [
      ruleX(boxes, { ...label, y1: "low", y2: "high", stroke: "currentColor" }),
      barY(boxes, {
        ...label,
        y1: "lowerQuartile",
        y2: "upperQuartile",
        fill: "fill",
        inset: 1,
        title: "title",
        tip: tipStyle,
      }),
      tickY(boxes, { ...label, y: "median", stroke: "currentColor", strokeWidth: 2 }),
    ],
    readings: boxes.map((box) => ({ x: box.label, y: box.median, text: box.title })),
    xLabels: place.labels ?? boxes.map((box) => box.label),
    yLabel: axisLabel(y!.field),
    hasYValues: true,
    colour: undefined,
    domains: { y: extentOf(boxes.flatMap(({ low, high }) => [low, high])) ?? [0, 1] },
    words: "Boxes go from the first to the third quartile, and whiskers to the last value within 1.5 times as much.",
  };
}
