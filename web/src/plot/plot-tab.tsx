import type { DatasetDescription } from "../api/describe-dataset.ts";
import { FilterBar } from "../selection/filter-bar.tsx";
import { reload } from "../state/connection.ts";
import { navigate, useView } from "../state/navigate.ts";
import { loadPart, useLoad } from "../state/use-load.ts";
import { Failure, Loading, Message } from "../ui/message.tsx";
import { isPlottable } from "./plot-data.ts";
import "./plot-tab.css";

/** Two columns as a plot, coloured by a third. */
export function PlotTab({ dataset }: { readonly dataset: DatasetDescription }) {
  const view = useView();
  const { fields } = dataset.schema;
  const axes = fields.filter(isPlottable).map(({ name }) => name);
  const groups = fields.filter(({ children }) => children.length === 0).map(({ name }) => name);
  const among = (name: string | undefined, names: readonly string[]): string | undefined =>
    names.find((each) => each === name);
  const [x, y] = [among(view.x, axes) ?? axes[0], among(view.y, axes) ?? axes[1] ?? axes[0]];
  const colour = among(view.colour, groups);
  // What draws comes when somebody plots.
  const part = useLoad(
    "plot",
    async () => await loadPart(import("./plot.tsx")),
    () => true,
  );
  return (
    <section className="plot-tab" aria-label="Plot">
      <div className="toolbar">
        <Choice label="Across" names={axes} value={x} onChange={(x) => navigate({ x })} />
        <Choice label="Up" names={axes} value={y} onChange={(y) => navigate({ y })} />
        <Choice label="Colour" names={groups} value={colour} none="none" onChange={(colour) => navigate({ colour })} />
        {dataset.hasSelections && <FilterBar fields={fields} error={undefined} draft={undefined} />}
      </div>
      {x === undefined || y === undefined ? (
        <Message title="No column has numbers or times to plot" />
      ) : part.status === "loading" ? (
        <Loading what="the plot" />
      ) : part.status === "failed" ? (
        <Failure what="The plot cannot be shown" error={part.error} retry={reload} />
      ) : (
        <part.value.Plot
          dataset={dataset}
          x={x}
          y={y}
          colour={colour}
          filter={dataset.hasSelections ? view.filter : ""}
        />
      )}
    </section>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly names: readonly string[];
  readonly value: string | undefined;
  /** What stands for no choice, where that is one. */
  readonly none?: string;
  onChange(name: string | undefined): void;
}

function Choice({ label, names, value, none, onChange }: ChoiceProps) {
  return (
    <label className="choice">
      {label}
      <select value={value ?? ""} onChange={(event) => onChange(event.target.value || undefined)}>
        {none && <option value="">{none}</option>}
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}
