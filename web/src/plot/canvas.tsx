import { useEffect, useRef, useSyncExternalStore } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { alignSeries, type Series } from "./plot-data.ts";
import { numberTicks } from "./number-ticks.ts";
import { clockTicks, formatClockTicks, formatYearTick, isLongSpan, yearTicks } from "./time-axis.ts";
import "./canvas.css";

/** What stands at an axis. */
export interface Axis {
  readonly label: string;
  /** What its numbers are: no more than that, or seconds since 1970, or since midnight. */
  readonly unit: "number" | "time" | "clock";
}

interface CanvasProps {
  readonly series: readonly Series[];
  readonly x: Axis;
  readonly y: Axis;
}

/** Series of points, which can be looked at closer. */
export function Canvas({ series, x, y }: CanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  const theme = useColourScheme();
  useEffect(() => {
    const element = box.current!;
    const plot = new UPlot(options({ series, x, y }, element), alignSeries(series), element);
    plot.ctx.canvas.role = "img";
    plot.ctx.canvas.ariaLabel = `Plot of ${y.label} by ${x.label}`;
    plot.setSize(sizeOf(element));
    const observer = new ResizeObserver(() => plot.setSize(sizeOf(element)));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [series, theme]);
  return <div className="plot" ref={box} />;
}

function options({ series, x, y }: CanvasProps, element: HTMLElement): UPlot.Options {
  const colours = series.map((_, i) => colourOf(element, `--series-${i + 1}`));
  const scales = {
    x: scaleOf(
      x,
      series.flatMap((each) => each.x),
    ),
    y: scaleOf(
      y,
      series.flatMap((each) => each.y),
    ),
  };
  const axis = { stroke: colourOf(element, "--text"), grid: { stroke: colourOf(element, "--grid"), width: 1 } };
  return {
    ...sizeOf(element),
    // Times are as the table has them.
    tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    scales: { x: { time: scales.x === "time" }, y: { time: scales.y === "time" } },
    axes: [
      { ...axis, label: x.label, ...ticks[scales.x] },
      { ...axis, label: y.label, size: 80, ...ticks[scales.y] },
    ],
    series: [
      { label: x.label },
      ...series.map(({ label }, i) => ({
        label: label || y.label,
        stroke: colours[i]!,
        fill: colours[i]!,
        paths: () => null,
        points: { show: false },
      })),
    ],
    hooks: { draw: [(plot) => drawPoints(plot, colours)] },
    legend: { show: series.length > 1, live: false },
    cursor: { drag: { x: true, y: true }, points: { show: false } },
  };
}

/** What the ticks of an axis are: its unit, or years where times are too far apart. */
function scaleOf({ unit }: Axis, values: readonly number[]): Axis["unit"] | "years" {
  return unit === "time" && isLongSpan(values) ? "years" : unit;
}

const ticks: Readonly<Record<ReturnType<typeof scaleOf>, Pick<UPlot.Axis, "splits" | "values">>> = {
  number: {
    splits: (_, __, min, max, step) => numberTicks(min, max, step),
    values: (_, values) => values.map(formatTick),
  },
  time: {},
  clock: {
    splits: (_, __, min, max) => clockTicks(min, max),
    values: (_, values) => formatClockTicks(values),
  },
  years: {
    splits: (_, __, min, max) => yearTicks(min, max),
    values: (_, values) => values.map(formatYearTick),
  },
};

const grouped = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 12 });

/** A number at an axis, of which there is room for few characters. */
function formatTick(value: number | null): string {
  if (value === null) return "";
  const size = Math.abs(value);
  return size !== 0 && (size >= 1e8 || size < 1e-4)
    ? value.toExponential(3).replace(/\.?0+e/, "e")
    : grouped.format(value);
}

/** A point's side, in pixels of the page. */
const pointSize = 3;
const pointAlpha = 0.55;

/** Draws points in the order of x, whichever series they are of, so that none lies above all others. */
function drawPoints(plot: UPlot, colours: readonly string[]): void {
  const { ctx, bbox } = plot;
  const [xs, ...ys] = plot.data;
  const side = pointSize * devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.globalAlpha = pointAlpha;
  for (let i = 0; i < xs.length; i++) {
    const of = ys.findIndex((values, each) => values[i] != null && plot.series[each + 1]!.show);
    if (of < 0) continue;
    const [left, top] = [plot.valToPos(xs[i]!, "x", true), plot.valToPos(ys[of]![i]!, "y", true)];
    ctx.fillStyle = colours[of]!;
    ctx.fillRect(left - side / 2, top - side / 2, side, side);
  }
  ctx.restore();
}

/** A colour of the page's own, as a canvas takes it. */
function colourOf(element: HTMLElement, name: string): string {
  const probe = element.appendChild(document.createElement("i"));
  probe.style.color = `var(${name})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Changes whenever the page's colours do. */
function useColourScheme(): string {
  return useSyncExternalStore(followColours, () => getComputedStyle(document.documentElement).backgroundColor);
}

function followColours(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", listener);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", listener);
  };
}

/** What there is room for above the legend, which takes as many lines as it has to. */
function sizeOf(element: HTMLElement): { width: number; height: number } {
  const legendHeight = element.querySelector(".u-legend")?.clientHeight ?? 0;
  return { width: element.clientWidth, height: Math.max(200, element.clientHeight - legendHeight - plotMargin) };
}

/** Below the plot, in pixels. */
const plotMargin = 8;
