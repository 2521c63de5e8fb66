import { useMemo } from "react";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { FilterBar } from "../selection/filter-bar.tsx";
import { reload } from "../state/connection.ts";
import { navigate, useView } from "../state/navigate.ts";
import { loadPart, useLoad } from "../state/use-load.ts";
import type { Chart } from "../state/view.ts";
import { Failure, Loading, Message } from "../ui/message.tsx";
import { firstAxes, isDate, isPlottable } from "./axis.ts";
import { formatFormat, parseFormat, zoneTitles, type ShownZone } from "../table/value-format.ts";
import { chartNames, chartsOf, drawsColour, drawsY } from "./choose-chart.ts";
import { hasZone, plotFields } from "./plot-field.ts";
import "./plot-tab.css";

/** Two columns as a chart, coloured by a third. */
export function PlotTab({ dataset }: { readonly dataset: DatasetDescription }) {
  const view = useView();
  const { fields } = dataset.schema;
  const format = parseFormat(view.format);
  const simple = useMemo(() => plotFields(fields, format.zone), [fields, format.zone]);
  const first = firstAxes(simple);
  const find = (name: string | undefined) => simple.find((field) => field.name === name);
  const x = find(view.x) ?? find(first.x) ?? simple[0];
  const chosenY = find(view.y);
  const y = chosenY && isPlottable(chosenY) ? chosenY : find(first.y);
  const colour = find(view.colour);
  const charts = x ? chartsOf(x).filter((chart) => y !== undefined || !needsY(chart)) : [];
  const chosen = charts.find((each) => each === view.chart);
  const chart = chosen ?? (x && !isPlottable(x) ? "bar" : undefined);
  const hasMean = chart === "histogram" || chart === "bar" || chart === "heat";
  const canMean = chart === "heat" ? colour !== undefined && isPlottable(colour) : y !== undefined;
  const isMean = hasMean && canMean && view.isMean;
  const hasY = drawsY(chart, isMean);
  const hasColour = drawsColour(chart, isMean);
  // What draws comes when somebody plots.
  const part = useLoad(
    "plot",
    async () => await loadPart(import("./plot.tsx")),
    () => true,
  );
  const names = simple.map(({ name }) => name);
  return (
    <section className="plot-tab" aria-label={`Plot of ${dataset.name}`}>
      <div className="toolbar">
        <Choice label="Chart" value={chosen} none="automatic" onChange={(chart) => navigate({ chart: chart as Chart })}>
          {charts.map((each) => [each, chartNames[each]])}
        </Choice>
        <Choice label="X" value={x?.name} onChange={(x) => navigate({ x, zoom: undefined })}>
          {names.map((name) => [name, name])}
        </Choice>
        <Choice label="Y" value={y?.name} isUnused={!hasY} onChange={(y) => navigate({ y, zoom: undefined })}>
          {simple.filter(isPlottable).map(({ name }) => [name, name])}
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
        {(chart === "line" || (chart === undefined && x && isDate(x))) && (
          <Choice
            label="Band"
            value={view.isBandHidden ? undefined : "range"}
            none="none"
            isUnused={colour !== undefined && !isPlottable(colour)}
            onChange={(band) => navigate({ isBandHidden: band === undefined })}
          >
            {[["range", "least to greatest"]]}
          </Choice>
        )}
        {[x, y, hasColour ? colour : undefined].some((field) => field && hasZone(field)) && (
          <Choice
            label="Zone"
            value={format.zone}
            onChange={(zone) =>
              navigate({ format: formatFormat({ ...format, zone: zone as ShownZone }), zoom: undefined })
            }
          >
            {Object.entries(zoneTitles)}
          </Choice>
        )}
        {hasMean && (
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
        )}
        {dataset.hasSelections && <FilterBar fields={fields} error={undefined} draft={undefined} />}
      </div>
      {x === undefined || (y === undefined && isPlottable(x)) ? (
        <Message title="No column has numbers or times to plot" />
      ) : part.status === "loading" ? (
        <Loading what="the plot" />
      ) : part.status === "failed" ? (
        <Failure what="The plot cannot be shown" error={part.error} retry={reload} />
      ) : (
        <part.value.Plot
          {...{ dataset, x, colour, chart }}
          y={hasY ? y : undefined}
          filter={dataset.hasSelections ? view.filter : ""}
        />
      )}
    </section>
  );
}

function needsY(chart: Chart): boolean {
  return chart !== "histogram" && chart !== "bar";
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  /** What stands for no choice, where that is one. */
  readonly none?: string;
  /** Whether the chart does not draw it, whatever is chosen. */
  readonly isUnused?: boolean;
  /** A value that cannot be chosen by now. */
  readonly without?: string | undefined;
  readonly onChange: (value: string | undefined) => void;
  /** Values, each with its name. */
  readonly children: readonly (readonly [string, string])[];
}

function Choice({ label, value, none, isUnused = false, without, onChange, children }: ChoiceProps) {
  return (
    <label className="choice">
      <span>{label}</span>
      <select
        aria-label={label}
        value={value ?? ""}
        disabled={isUnused}
        title={isUnused ? "The chart does not use it" : undefined}
        onChange={(event) => onChange(event.target.value || undefined)}
      >
        {none && <option value="">{none}</option>}
        {children.map(([each, name]) => (
          <option key={each} value={each} disabled={each === without}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
