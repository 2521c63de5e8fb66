import { useMemo, useRef } from "react";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { isWrongFilter } from "../selection/filter-bar.tsx";
import { reload } from "../state/connection.ts";
import { navigate, useView } from "../state/navigate.ts";
import { say } from "../state/toast.ts";
import { useReloadOf } from "../state/use-reload-of.ts";
import type { Chart } from "../state/view.ts";
import { Failure, Message } from "../ui/message.tsx";
import { Progress } from "../ui/progress.tsx";
import { drawChart } from "./charts/draw-chart.ts";
import { chartNames, chooseChart, colourOf, undrawnColourWords } from "./choose-chart.ts";
import { exportFigure } from "./export-figure.ts";
import { Figure } from "./figure.tsx";
import { Legend } from "./legend.tsx";
import type { PlotField } from "./plot-field.ts";
import { cropRows, type PlotRows } from "./plot-rows.ts";
import { readZoomOf, type ReadZoom } from "./read-zoom.ts";
import { rowWords, type PlottedRows } from "./row-words.ts";
import { usePlotRows, type ReadingRows } from "./use-plot-rows.ts";
import { formatZoom, parseZoom, rangeCondition, type Zoom } from "./zoom.ts";

/** Rows that are read at most, where the server sends the columns alone, and where it sends everything: 8 bytes a number. */
const readRowsMax = 5_000_000;
const readWholeRowsMax = 200_000;

interface Props {
  readonly dataset: DatasetDescription;
  readonly x: PlotField;
  readonly y: PlotField | undefined;
  readonly colour: PlotField | undefined;
  /** Undefined where the page chooses it. */
  readonly chart: Chart | undefined;
  readonly filter: string;
}

/** Reads rows and draws them, saying of which rows the chart is. */
export function Plot({ dataset, x, y, colour: wanted, chart: chosen, filter }: Props) {
  const view = useView();
  const colour = colourOf(chosen, wanted, view.isMean);
  const zoom = useMemo(() => parseZoom(view.zoom), [view.zoom]);
  const limit = dataset.hasSelections ? readRowsMax : readWholeRowsMax;
  const readZoom = useMemo(() => readZoomOf(chosen, { x, y, colour }, zoom), [chosen, x, y, zoom]);
  const zoomed = dataset.hasSelections ? zoomConditions(readZoom, x, y) : [];
  // A filter of several parts is one part of the whole.
  const whole = [...(filter === "" ? [] : [zoomed.length > 0 ? `(${filter})` : filter]), ...zoomed].join(" and ");
  const reading = usePlotRows({ dataset, x, y, colour, filter: whole, zoom: readZoom, limit });
  const error = useReloadOf(reading.error, dataset);
  if (error) {
    return (
      <Failure
        what={isWrongFilter(error, filter) ? "The filter is not valid" : "There is nothing to plot"}
        error={error}
        retry={reload}
      />
    );
  }
  const total = whole === "" && dataset.rowCount !== undefined ? Math.min(limit, dataset.rowCount) : undefined;
  if (reading.rows === undefined) {
    return (
      <div className="note">
        <Progress
          label={`Reading the rows to plot of ${dataset.name}`}
          done={reading.readCount}
          total={total}
          onStop={reading.stop}
        />
      </div>
    );
  }
  const chart = chosen ?? chooseChart(x, colour, reading.rows.count);
  const undrawn = undrawnColourWords(chart, wanted, view.isMean);
  return <Drawn {...{ chart, zoom, readZoom, reading, limit, filter, dataset, undrawn }} rows={reading.rows} />;
}

interface DrawnProps extends Pick<PlottedRows, "dataset" | "filter" | "limit"> {
  readonly rows: PlotRows;
  readonly chart: Chart;
  readonly zoom: Zoom;
  readonly readZoom: Zoom;
  readonly reading: ReadingRows;
  /** What says that the chosen colour is not shown. */
  readonly undrawn: string | undefined;
}

function Drawn({ dataset, rows: read, chart, zoom, readZoom, reading, limit, filter, undrawn }: DrawnProps) {
  const { isMean, isBandHidden, zoom: hasZoom } = useView();
  const { name } = dataset;
  const area = useRef<HTMLDivElement>(null);
  // What has been read for another chart may go beyond what points show.
  const rows = useMemo(() => (chart === "points" ? cropRows(read, zoom) : read), [chart, read, zoom]);
  const isZoomed = chart === "points" ? hasZoom !== undefined : (readZoom.x ?? readZoom.y) !== undefined;
  const words = rowWords({ dataset, filter, isZoomed, limit, reading: { ...reading, rows } });
  const drawing = useMemo(
    () => drawChart(chart, { rows, isMean, isBandHidden, zoom }),
    [chart, rows, isMean, isBandHidden, zoom],
  );
  const title = `${chartNames[chart]} of ${rows.y ? `${rows.y.field.name} by ` : ""}${rows.x.field.name}`;
  const exportAs = (format: "svg" | "png"): void => {
    const figure = area.current?.querySelector<SVGSVGElement>(".figure-svg");
    if (!figure) return;
    exportFigure(figure, format, `${name.replaceAll("/", "-")}, ${title}`).catch(() =>
      say("The picture could not be made"),
    );
  };
  return (
    <div className="plot-area" ref={area}>
      <div className="note">
        <p role="status">
          {words}
          {rows.count > 0 && drawing.words !== "" && ` ${drawing.words}`}
          {undrawn && ` ${undrawn}`}
        </p>
        <div className="plot-buttons">
          {hasZoom !== undefined && (
            <button type="button" onClick={() => navigate({ zoom: undefined })}>
              Show all
            </button>
          )}
          {rows.count > 0 && (
            <>
              <button type="button" className="quiet" aria-label={`Save PNG: ${title}`} onClick={() => exportAs("png")}>
                Save PNG
              </button>
              <button type="button" className="quiet" aria-label={`Save SVG: ${title}`} onClick={() => exportAs("svg")}>
                Save SVG
              </button>
            </>
          )}
        </div>
      </div>
      {rows.count > 0 ? (
        <>
          <Legend drawing={drawing} rows={rows} />
          <Figure
            rows={rows}
            drawing={drawing}
            zoom={zoom}
            label={title}
            onZoom={(next) => navigate({ zoom: formatZoom(next) })}
          />
        </>
      ) : (
        <Message title="There are no points to draw" />
      )}
    </div>
  );
}

function zoomConditions({ isEndOpen, ...zoom }: ReadZoom, x: PlotField, y: PlotField | undefined): string[] {
  return [zoom.x && rangeCondition(x, zoom.x, isEndOpen), zoom.y && y && rangeCondition(y, zoom.y, isEndOpen)].filter(
    (condition) => condition !== undefined,
  );
}
