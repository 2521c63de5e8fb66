import { useEffect, useRef } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { readFirstRows } from "../api/read-selection.ts";
import { useLoad } from "../state/use-load.ts";
import { formatCount, formatShare } from "../ui/format.ts";
import { Failure, Loading } from "../ui/message.tsx";
import { alignSeries, isTime, PointCollector, type Series } from "./plot-data.ts";

/** Rows that are plotted at most. */
const plottedRowsMax = 50_000;

interface Props {
  readonly dataset: DatasetDescription;
  readonly x: string;
  readonly y: string;
  readonly colour: string | undefined;
  readonly filter: string;
}

/** Reads the points and draws them, saying of which rows they are. */
export default function Plot({ dataset, x, y, colour, filter }: Props) {
  const loaded = useLoad(JSON.stringify([dataset.name, x, y, colour, filter]), async (signal) => {
    const points = new PointCollector({ x, y, colour });
    const columns = [...new Set([x, y, ...(colour === undefined ? [] : [colour])])];
    for await (const batch of readFirstRows(dataset, { columns, filter, limit: plottedRowsMax }, signal))
      points.add(batch);
    return { series: points.series(), rowCount: points.rowCount };
  });
  if (loaded.status === "loading") return <Loading what="rows to plot" />;
  if (loaded.status === "failed") return <Failure what="There is nothing to plot" error={loaded.error} />;
  const { series, rowCount } = loaded.value;
  const type = dataset.schema.fields.find(({ name }) => name === x)!.type;
  return (
    <>
      <p className="note" role="status">
        {sampleWords(rowCount, dataset.rowCount, filter)}
      </p>
      <Canvas series={series} labels={{ x, y }} isTime={isTime(type)} />
    </>
  );
}

function sampleWords(rowCount: number, total: number | undefined, filter: string): string {
  const meet = filter === "" ? "" : " that meet the filter";
  if (rowCount < plottedRowsMax) return `All ${formatCount(rowCount)} rows${meet}.`;
  const share = total && filter === "" ? ` of ${formatCount(total)} (${formatShare(rowCount, total)})` : meet;
  return `The first ${formatCount(rowCount)} rows${share}: a sample, not the whole.`;
}

interface CanvasProps {
  readonly series: readonly Series[];
  readonly labels: { readonly x: string; readonly y: string };
  readonly isTime: boolean;
}

function Canvas({ series, labels, isTime }: CanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current!;
    const plot = new UPlot(options(series, labels, isTime, element), alignSeries(series), element);
    const observer = new ResizeObserver(() => plot.setSize(sizeOf(element)));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [series]);
  return <div className="plot" ref={box} role="img" aria-label={`Plot of ${labels.y} by ${labels.x}`} />;
}

function options(
  series: readonly Series[],
  labels: { x: string; y: string },
  isTime: boolean,
  element: HTMLElement,
): UPlot.Options {
  const style = getComputedStyle(element);
  const colourOf = (i: number): string => style.getPropertyValue(`--series-${i + 1}`);
  const axis = { stroke: style.color, grid: { stroke: style.getPropertyValue("--grid"), width: 1 } };
  return {
    ...sizeOf(element),
    scales: { x: { time: isTime } },
    axes: [
      { ...axis, label: labels.x },
      { ...axis, label: labels.y, size: 70 },
    ],
    series: [
      { label: labels.x },
      ...series.map(({ label }, i) => ({
        label: label || labels.y,
        stroke: colourOf(i),
        paths: () => null,
        points: { show: true, size: 4, fill: colourOf(i), stroke: colourOf(i) },
      })),
    ],
    legend: { show: series.length > 1, live: false },
    cursor: { drag: { x: true, y: true } },
  };
}

/** The legend stands below the plot. */
const legendHeight = 40;

function sizeOf(element: HTMLElement): { width: number; height: number } {
  return { width: element.clientWidth, height: Math.max(200, element.clientHeight - legendHeight) };
}
