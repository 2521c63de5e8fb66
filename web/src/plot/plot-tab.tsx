import { useMemo } from "react";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { FilterBar } from "../selection/filter-bar.tsx";
import { reload } from "../state/connection.ts";
import { useView } from "../state/navigate.ts";
import { loadPart, useLoad } from "../state/use-load.ts";
import { Failure, Loading, Message } from "../ui/message.tsx";
import { isPlottable } from "./axis.ts";
import { parseFormat } from "../table/value-format.ts";
import { choosePlot } from "./choose-plot.ts";
import { PlotChoices } from "./plot-choices.tsx";
import { plotFields } from "./plot-field.ts";
import "./plot-tab.css";

/** Two columns as a chart, coloured by a third. */
export function PlotTab({ dataset }: { readonly dataset: DatasetDescription }) {
  const view = useView();
  const { fields } = dataset.schema;
  const { zone } = parseFormat(view.format);
  const simple = useMemo(() => plotFields(fields, zone), [fields, zone]);
  const plot = choosePlot(simple, view);
  const { x, y, colour, chart, hasY } = plot;
  // What draws comes when somebody plots.
  const part = useLoad(
    "plot",
    async () => await loadPart(import("./plot.tsx")),
    () => true,
  );
  return (
    <section className="plot-tab" aria-label={`Plot of ${dataset.name}`}>
      <div className="toolbar">
        <PlotChoices plot={plot} fields={simple} />
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
