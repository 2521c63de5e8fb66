import type { Panel, Topic } from "./growth.ts";

/** Sizes in the SVG's own units. */
const panelWidth = 320;
const panelHeight = 240;
const margin = { top: 34, right: 24, bottom: 40, left: 52 };
const legendHeight = 26;

/** Panels beside each other: two are as wide as the text of a page. */
const panelsPerRow = 2;

interface LineStyle {
  readonly colour: string;
  readonly dash: string;
}

const otherStyle: LineStyle = { colour: "#888", dash: "" };

/** Colours that differ for colour-blind people and are legible on white and on black; the dashes differ as well. */
const lineStyles: Readonly<Record<string, LineStyle>> = {
  hangar: { colour: "#d9541a", dash: "" },
  recipe: { colour: "#2f86d1", dash: "6 3" },
  streaming: { colour: "#2aa17e", dash: "2 3" },
};

const style = `
text { font: 12px system-ui, sans-serif; fill: #333; }
.title { font-weight: 600; }
.grid { stroke: #8884; }
@media (prefers-color-scheme: dark) { text { fill: #ddd; } }`;

/** Returns a plot of a topic as an SVG, a panel for each measure. */
export function renderPlot(topic: Topic): string {
  const { panels, title } = topic;
  const width = panelWidth * Math.min(panels.length, panelsPerRow);
  const plotHeight = panelHeight * Math.ceil(panels.length / panelsPerRow);
  const height = plotHeight + legendHeight;
  const parts = panels.map((panel, i) => {
    const [x, y] = [(i % panelsPerRow) * panelWidth, Math.floor(i / panelsPerRow) * panelHeight];
    return `<g transform="translate(${x} ${y})">\n${renderPanel(panel, topic)}\n</g>`;
  });
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">`;
  return [head, `<style>${style}\n</style>`, ...parts, renderLegend(panels, plotHeight), "</svg>", ""].join("\n");
}

function renderPanel({ title, unit, lines }: Panel, { sizes, axis, isLinear }: Topic): string {
  const values = Object.values(lines)
    .flat()
    .filter((value) => value !== null);
  const [scale, ticksOf] = isLinear === true ? [linear, stepsTo] : [logarithmic, ticksAround];
  const [yTicks, xRange] = [ticksOf(values), isLinear === true ? [0, ...sizes] : sizes];
  const x = scale(xRange, margin.left, panelWidth - margin.right);
  const y = scale(yTicks, panelHeight - margin.bottom, margin.top);
  const grid = yTicks.map((tick) => {
    const at = y(tick).toFixed(1);
    const line = `<line class="grid" x1="${margin.left}" x2="${panelWidth - margin.right}" y1="${at}" y2="${at}"/>`;
    return `${line}<text x="${margin.left - 6}" y="${y(tick) + 4}" text-anchor="end">${tick.toLocaleString("en")}</text>`;
  });
  const ticks = sizes.map((size) => {
    return `<text x="${x(size).toFixed(1)}" y="${panelHeight - margin.bottom + 16}" text-anchor="middle">${shorten(size)}</text>`;
  });
  const drawn = Object.entries(lines).map(([name, line]) => renderLine(name, line, (i) => x(sizes[i] ?? NaN), y));
  return [
    `<text class="title" x="${margin.left}" y="18">${title} (${unit})</text>`,
    `<text x="${(margin.left + panelWidth - margin.right) / 2}" y="${panelHeight - 6}" text-anchor="middle">${axis}</text>`,
    ...grid,
    ...ticks,
    ...drawn,
  ].join("\n");
}

function renderLine(
  name: string,
  values: readonly (number | null)[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  const { colour, dash } = lineStyles[name] ?? otherStyle;
  const points = values.flatMap((value, i) => (value === null ? [] : [`${x(i).toFixed(1)},${y(value).toFixed(1)}`]));
  const dots = points.map((point) => `<circle cx="${point.replace(",", '" cy="')}" r="3" fill="${colour}"/>`);
  return `<polyline points="${points.join(" ")}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>${dots.join("")}`;
}

function renderLegend(panels: readonly Panel[], height: number): string {
  const names = Object.keys(panels[0]?.lines ?? {});
  return names
    .map((name, i) => {
      const left = margin.left + i * 110;
      const top = height + 12;
      const { colour, dash } = lineStyles[name] ?? otherStyle;
      const line = `<line x1="${left}" x2="${left + 26}" y1="${top}" y2="${top}" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`;
      return `${line}<text x="${left + 32}" y="${top + 4}">${name}</text>`;
    })
    .join("\n");
}

/** A scale from the range of some values to two positions. */
function linear(values: readonly number[], from: number, to: number): (value: number) => number {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/** The same, logarithmic. */
function logarithmic(values: readonly number[], from: number, to: number): (value: number) => number {
  const scale = linear(values.map(Math.log10), from, to);
  return (value) => scale(Math.log10(value));
}

/** Returns four steps or more, from 0 to above the greatest value: powers of ten, or 2 or 5 times them. */
function stepsTo(values: readonly number[]): number[] {
  const high = Math.max(...values);
  const decade = 10 ** Math.floor(Math.log10(high / 4));
  const step = decade * ([5, 2].find((times) => times * decade <= high / 4) ?? 1);
  return Array.from({ length: Math.ceil(high / step) + 1 }, (_, i) => i * step);
}

/** Returns values from below the least to above the greatest one: powers of ten, or, over few decades, also 2 and 5 times them. */
function ticksAround(values: readonly number[]): number[] {
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const low = Math.floor(Math.log10(least));
  const decades = Array.from({ length: Math.ceil(Math.log10(greatest)) - low + 1 }, (_, i) => 10 ** (low + i));
  const ticks = greatest / least > 100 ? decades : decades.flatMap((decade) => [decade, 2 * decade, 5 * decade]);
  const first = ticks.findLastIndex((tick) => tick <= least);
  const last = ticks.findIndex((tick, i) => tick >= greatest && i > first);
  return ticks.slice(first, last + 1);
}

/** 40,000 as `40 k`, 4,000,000 as `4 M`. */
function shorten(size: number): string {
  if (size >= 1e6) return `${size / 1e6} M`;
  return size >= 10_000 ? `${size / 1000} k` : size.toLocaleString("en");
}
