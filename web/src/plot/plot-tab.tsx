import { lazy, Suspense } from "react";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { navigate, useView } from "../state/store.ts";
import { Loading } from "../ui/message.tsx";
import { isPlottable } from "./plot-data.ts";

const Plot = lazy(async () => await import("./plot.tsx"));

/** Two columns as a plot, coloured by a third. */
export function PlotTab({ dataset }: { readonly dataset: DatasetDescription }) {
  const view = useView();
  const { fields } = dataset.schema;
  const axes = fields.filter(isPlottable).map(({ name }) => name);
  const groups = fields.filter(({ children }) => children.length === 0).map(({ name }) => name);
  const [x, y] = [view.x ?? axes[0], view.y ?? axes[1] ?? axes[0]];
  return (
    <section className="plot-tab" aria-label="Plot">
      <div className="toolbar">
        <Choice label="Across" names={axes} value={x} onChange={(x) => navigate({ x })} />
        <Choice label="Up" names={axes} value={y} onChange={(y) => navigate({ y })} />
        <Choice
          label="Colour"
          names={groups}
          value={view.colour}
          none="none"
          onChange={(colour) => navigate({ colour })}
        />
        {view.filter !== "" && <span className="hint">Filter: {view.filter}</span>}
      </div>
      {x === undefined || y === undefined ? (
        <p className="hint loading">No column has numbers or times to plot.</p>
      ) : (
        <Suspense fallback={<Loading what="the plot" />}>
          <Plot dataset={dataset} x={x} y={y} colour={view.colour} filter={dataset.hasSelections ? view.filter : ""} />
        </Suspense>
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
