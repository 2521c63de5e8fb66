import { navigate, useView } from "../state/navigate.ts";
import type { Chart } from "../state/view.ts";
import { formatFormat, parseFormat, zoneTitles, type ShownZone } from "../table/value-format.ts";
import { isDate, isPlottable } from "./axis.ts";
import { Choice } from "./choice.tsx";
import { chartNames } from "./choose-chart.ts";
import type { ChosenPlot } from "./choose-plot.ts";
import { hasZone, type PlotField } from "./plot-field.ts";

interface Props {
  readonly plot: ChosenPlot;
  /** The columns that can be drawn. */
  readonly fields: readonly PlotField[];
}

/** The choices of a plot: the chart, its columns, and how it shows them. */
export function PlotChoices({ plot, fields }: Props) {
  const { x, y, colour, charts, chosen, hasY, hasColour } = plot;
  const names = fields.map(({ name }) => name);
  return (
    <>
      <Choice label="Chart" value={chosen} none="automatic" onChange={(chart) => navigate({ chart: chart as Chart })}>
        {charts.map((each) => [each, chartNames[each]])}
      </Choice>
      <Choice label="X" value={x?.name} onChange={(x) => navigate({ x, zoom: undefined })}>
        {names.map((name) => [name, name])}
      </Choice>
      <Choice label="Y" value={y?.name} isUnused={!hasY} onChange={(y) => navigate({ y, zoom: undefined })}>
        {fields.filter(isPlottable).map(({ name }) => [name, name])}
      </Choice>
      <Choice
        label="Colour"
        value={colour?.name}
        none="none"
        isUnused={!hasColour}
        onChange={(colour) => navigate({ colour })}
      >
        {names.map((name) => [name, name])}
      </Choice>
      <BandChoice plot={plot} />
      <ZoneChoice plot={plot} />
      <MeanChoice plot={plot} />
    </>
  );
}

function BandChoice({ plot: { x, colour, chart } }: Pick<Props, "plot">) {
  const view = useView();
  const isLine = chart === "line" || (chart === undefined && x !== undefined && isDate(x));
  if (!isLine) return null;
  return (
    <Choice
      label="Band"
      value={view.isBandHidden ? undefined : "range"}
      none="none"
      isUnused={colour !== undefined && !isPlottable(colour)}
      onChange={(band) => navigate({ isBandHidden: band === undefined })}
    >
      {[["range", "least to greatest"]]}
    </Choice>
  );
}

function ZoneChoice({ plot: { x, y, colour, hasColour } }: Pick<Props, "plot">) {
  const format = parseFormat(useView().format);
  if (![x, y, hasColour ? colour : undefined].some((field) => field && hasZone(field))) return null;
  return (
    <Choice
      label="Zone"
      value={format.zone}
      onChange={(zone) => navigate({ format: formatFormat({ ...format, zone: zone as ShownZone }), zoom: undefined })}
    >
      {Object.entries(zoneTitles)}
    </Choice>
  );
}

function MeanChoice({ plot: { chart, hasMean, canMean, isMean } }: Pick<Props, "plot">) {
  if (!hasMean) return null;
  return (
    <Choice
      label="Show"
      value={isMean ? "mean" : "count"}
      without={canMean ? undefined : "mean"}
      onChange={(show) => navigate({ isMean: show === "mean" })}
    >
      {[
        ["count", "number of rows"],
        ["mean", chart === "heat" ? "mean of Colour" : "mean of Y"],
      ]}
    </Choice>
  );
}
