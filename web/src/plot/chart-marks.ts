import { areaY, barY, dot, lineY, rect, rectY, ruleX, tickY, type Markish } from "@observablehq/plot";
import { axisLabel, axisText, isDate, tickText } from "./axis.ts";
import { divide, edgeOf, extentOf, fillBins, partOf, type Bin, type Parts } from "./bin-rows.ts";
import { boxesOf } from "./boxes.ts";
import type { Channel } from "./channel.ts";
import { pointsMax } from "./choose-chart.ts";
import { rankGroups, type Groups } from "./groups.ts";
import { sampleRows, type PlotRows } from "./plot-rows.ts";
import type { Chart } from "../state/view.ts";

/** The least and the greatest number. */
type Extent = readonly [number, number];

/** What a chart draws, and what its colours and axes mean. */
export interface Drawing {
  readonly marks: readonly Markish[];
  /** Labels of categories along x, in their order; undefined where x has numbers. */
  readonly xLabels: readonly string[] | undefined;
  readonly yLabel: string;
  /** Whether y has the numbers of its column, and not those of counts. */
  readonly hasYValues: boolean;
  readonly colour:
    | undefined
    | { readonly kind: "groups"; readonly labels: readonly string[] }
    | {
        readonly kind: "numbers";
        readonly label: string;
        readonly extent: Extent;
        readonly isCount: boolean;
      };
  /** What the axes go over, where that is more or less than the values of the rows. */
  readonly domains?: { readonly x?: Extent; readonly y?: Extent };
  /** A sentence on what is drawn; empty where that is each row. */
  readonly words: string;
}

/** Points that hide each other, and so are smaller. */
const manyPoints = 500;

/** Groups of colours at most, besides the others. */
export const groupsMax = 6;

/** Parts of an axis at most, by chart. */
const partsMax = { line: 300, histogram: 60, bar: 60, box: 20, heatX: 80, heatY: 50 };
const categoriesShownMax = 30;

/** Rows of a plot, and how they are drawn. */
export interface ChartOptions {
  readonly rows: PlotRows;
  readonly isMean: boolean;
}

/** Draws rows as a chart; pure. */
export function drawChart(chart: Chart, options: ChartOptions): Drawing {
  switch (chart) {
    case "points":
      return drawPoints(options.rows);
    case "line":
      return drawLine(options.rows);
    case "box":
      return drawBoxes(options.rows);
    case "heat":
      return drawHeat(options);
    default:
      return drawBars(options);
  }
}

function drawPoints({ x, y, colour, count }: PlotRows): Drawing {
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
    xLabels: undefined,
    yLabel: axisLabel(y!.field),
    hasYValues: true,
    colour: groups
      ? { kind: "groups", labels: groups.labels }
      : extent && { kind: "numbers", label: axisLabel(colour!.field), extent, isCount: false },
    words: sample.length < count ? `It shows ${tickText(sample.length)} points, drawn at random from these.` : "",
  };
}

function drawLine({ x, y, colour, count }: PlotRows): Drawing {
  const groups = colour?.labels ? rankGroups(colour, groupsMax) : oneGroup(count);
  const parts = partsOf(x, partsMax.line);
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
          x: (edgeOf(parts, part) + edgeOf(parts, part + 1)) / 2,
          y: bin.mean,
          low: bin.min,
          high: bin.max,
          group,
          title: [group, partWords(x, parts, part), ...binWords(y!, bin)].filter(Boolean).join("\n"),
        };
      });
  const isOne = groups.labels.length === 1;
  const series = { x: "x", z: "group" } as const;
  const stroke = isOne ? "var(--series-1)" : "group";
  return {
    marks: [
      ...(isOne && !isEach
        ? [areaY(points, { ...series, y1: "low", y2: "high", fill: "var(--series-1)", fillOpacity: 0.18 })]
        : []),
      lineY(points, { ...series, y: "y", stroke, strokeWidth: 1.5 }),
      // A part between others without rows has no line.
      dot(points, { x: "x", y: "y", r: 1.5, fill: stroke, title: "title", tip: tipStyle }),
    ],
    xLabels: undefined,
    yLabel: isEach ? axisLabel(y!.field) : `mean of ${axisLabel(y!.field)}`,
    hasYValues: true,
    colour: isOne ? undefined : { kind: "groups", labels: groups.labels },
    ...(isOne || isEach ? {} : { domains: { y: extentOf(points.map((point) => point.y)) ?? [0, 1] } }),
    words: isEach
      ? ""
      : `It shows the mean for each ${tickWidth(x, parts)}${isOne ? ", in a band from the least to the greatest value" : ""}.`,
  };
}

function drawBars({ rows, isMean }: ChartOptions): Drawing {
  const { x, y, colour, count } = rows;
  const byMean = isMean && y !== undefined;
  const groups = colour?.labels && !byMean ? rankGroups(colour, groupsMax) : oneGroup(count);
  const place = placesOf(x, partsMax.bar);
  const bins = fillBins(count, place.count * groups.labels.length, {
    binOf: (row) => place.of(row) * groups.labels.length + groups.of[row]!,
    valueOf: (row) => y?.values[row] ?? 0,
  });
  const isOne = groups.labels.length === 1;
  const data = bins.map((bin) => {
    const part = Math.floor(bin.bin / groups.labels.length);
    const group = groups.labels[bin.bin % groups.labels.length]!;
    const words = byMean ? binWords(y, bin) : [`${tickText(bin.count)} rows`];
    return {
      ...place.at(part),
      value: byMean ? bin.mean : bin.count,
      group,
      title: [place.words(part), group, ...words].filter(Boolean).join("\n"),
    };
  });
  const fill = isOne ? "var(--series-1)" : "group";
  const look = { y: "value", fill, inset: 0.5, title: "title", tip: tipStyle } as const;
  return {
    marks: [place.labels ? barY(data, { ...look, x: "label" }) : rectY(data, { ...look, x1: "x1", x2: "x2" })],
    xLabels: place.labels,
    yLabel: byMean ? `mean of ${axisLabel(y.field)}` : "rows",
    hasYValues: false,
    colour: isOne ? undefined : { kind: "groups", labels: groups.labels },
    ...(place.parts ? { domains: { x: domainOf(place.parts) } } : {}),
    words: `It shows the ${byMean ? `mean of ${y.field.name}` : "number of rows"} for each ${place.parts ? tickWidth(x, place.parts) : x.field.name}.`,
  };
}

function drawBoxes({ x, y }: PlotRows): Drawing {
  const place = placesOf(x, partsMax.box);
  const labelOf = (part: number): string => (place.labels ? place.labels[part]! : place.words(part));
  const boxes = boxesOf(y!.values as Float64Array, place.of, place.count).map((box) => {
    const text = (value: number): string => axisText(y!.field, value);
    const title = [
      labelOf(box.bin),
      `median ${text(box.median)}`,
      `middle half ${text(box.lowerQuartile)} to ${text(box.upperQuartile)}`,
      `whiskers ${text(box.low)} to ${text(box.high)}`,
      `${tickText(box.count)} rows`,
    ].join("\n");
    return { ...box, label: labelOf(box.bin), title };
  });
  const label = { x: "label" } as const;
  return {
    marks: [
      ruleX(boxes, { ...label, y1: "low", y2: "high", stroke: "currentColor" }),
      barY(boxes, {
        ...label,
        y1: "lowerQuartile",
        y2: "upperQuartile",
        fill: "var(--series-1)",
        inset: 1,
        title: "title",
        tip: tipStyle,
      }),
      tickY(boxes, { ...label, y: "median", stroke: "currentColor", strokeWidth: 2 }),
    ],
    xLabels: place.labels ?? boxes.map((box) => box.label),
    yLabel: axisLabel(y!.field),
    hasYValues: true,
    colour: undefined,
    domains: { y: extentOf(boxes.flatMap(({ low, high }) => [low, high])) ?? [0, 1] },
    words: "Boxes go from the first to the third quartile, and whiskers to the last value within 1.5 times as much.",
  };
}

function drawHeat({ rows: { x, y, colour, count }, isMean }: ChartOptions): Drawing {
  const [xParts, yParts] = [partsOf(x, partsMax.heatX), partsOf(y!, partsMax.heatY)];
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
        ...(byMean ? binWords(colour, bin) : [`${tickText(bin.count)} rows`]),
      ].join("\n"),
    };
  });
  const extent = extentOf(cells.map(({ value }) => value)) ?? [0, 1];
  return {
    marks: [rect(cells, { x1: "x1", x2: "x2", y1: "y1", y2: "y2", fill: "value", title: "title", tip: tipStyle })],
    xLabels: undefined,
    yLabel: axisLabel(y!.field),
    hasYValues: true,
    colour: {
      kind: "numbers",
      label: byMean ? `mean of ${axisLabel(colour.field)}` : "rows",
      extent: byMean ? extent : [1, Math.max(2, extent[1])],
      isCount: !byMean,
    },
    domains: { x: domainOf(xParts), y: domainOf(yParts) },
    words: `It shows ${byMean ? `the mean of ${colour.field.name}` : "the number of rows"} in cells of ${tickWidth(x, xParts)} by ${tickWidth(y!, yParts)}.`,
  };
}

/** How the text beside the pointer looks. */
const tipStyle = {
  fill: "var(--raised)",
  stroke: "var(--line-strong)",
  fontSize: 12,
  lineWidth: 40,
  maxRadius: 30,
} as const;

function oneGroup(count: number): Groups {
  return { of: new Uint8Array(count), labels: [""] };
}

function partsOf({ field, values }: Channel, countMax: number): Parts {
  const [min, max] = extentOf(values) ?? [0, 1];
  return divide(min, max, { isDate: isDate(field), isWhole: field.type.kind === "int", countMax });
}

/** Places along x: categories with their labels, or parts of an axis. */
interface Places {
  readonly count: number;
  readonly labels: readonly string[] | undefined;
  readonly parts: Parts | undefined;
  of(row: number): number;
  at(place: number): { readonly label: string } | { readonly x1: number; readonly x2: number };
  words(place: number): string;
}

function placesOf(x: Channel, countMax: number): Places {
  if (x.labels) {
    const { of, labels } = rankGroups(x, categoriesShownMax);
    const words = (place: number): string => labels[place]!;
    return {
      count: labels.length,
      labels,
      parts: undefined,
      of: (row) => of[row]!,
      at: (place) => ({ label: words(place) }),
      words,
    };
  }
  const parts = partsOf(x, countMax);
  return {
    count: parts.count,
    labels: undefined,
    parts,
    of: (row) => partOf(parts, x.values[row]!),
    at: (place) => ({ x1: edgeOf(parts, place), x2: edgeOf(parts, place + 1) }),
    words: (place) => partWords(x, parts, place),
  };
}

function domainOf(parts: Parts): Extent {
  return [edgeOf(parts, 0), edgeOf(parts, parts.count)];
}

function partWords({ field }: Channel, parts: Parts, part: number): string {
  const from = axisText(field, edgeOf(parts, part));
  if (field.type.kind === "int" && parts.step === 1) return `${field.name}: ${from}`;
  return `${field.name}: ${from} to ${axisText(field, edgeOf(parts, part + 1))}`;
}

function binWords({ field }: Channel, { count, mean, min, max }: Bin): string[] {
  const text = (value: number): string => axisText(field, value);
  return [
    `mean of ${field.name}: ${tickText(Number(mean.toPrecision(6)))}`,
    `${text(min)} to ${text(max)}`,
    `${tickText(count)} rows`,
  ];
}

const timeUnits = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
  ["millisecond", 1],
] as const;

/** The width of a part in words: `2 days`, `0.5`. */
function tickWidth({ field }: Channel, { step }: Parts): string {
  if (!isDate(field)) return tickText(step);
  const [unit, length] = timeUnits.find(([, length]) => step >= length) ?? timeUnits.at(-1)!;
  return step === length ? unit : `${tickText(step / length)} ${unit}s`;
}

function valueAt({ field, values, labels }: Channel, row: number): string {
  return labels ? labels[values[row]!]! : axisText(field, values[row]!);
}
