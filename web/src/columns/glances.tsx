import { createContext, Suspense, useContext, type ReactNode } from "react";
import type { Field } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { isSpread } from "../api/read-selection.ts";
import { shownColumns } from "../selection/shown-columns.ts";
import { navigate, useView } from "../state/navigate.ts";
import type { ColumnSummary } from "./summary.ts";
import { toReadDataset, useSummaries } from "./use-summaries.ts";
import { formatCounted } from "../ui/format.ts";
import { gapWords } from "./seen-words.ts";
import { lazyPart } from "../ui/lazy-part.tsx";

/** Rows that the distributions in a table's header are of, in a few places of the dataset: they come beside the rows. */
const glanceRowsMax = 10_000;
const glanceRunCount = 8;

const Glances = createContext<ReadonlyMap<string, ColumnSummary> | undefined>(undefined);
const ColumnGlance = lazyPart(async () => (await import("./column-glance.tsx")).default);

interface GlancesProps {
  readonly dataset: DatasetDescription;
  readonly children: ReactNode;
}

/** Gives the titles below it the distributions of their columns, in rows at random places, if the view has them. */
export function GlanceProvider({ dataset, children }: GlancesProps) {
  const view = useView();
  const columns = shownColumns(dataset.schema.fields, view.columns).map(({ name }) => name);
  const filter = dataset.hasSelections ? view.filter : "";
  const request = { dataset: toReadDataset(dataset), columns, filter, limit: glanceRowsMax, runCount: glanceRunCount };
  const { summaries } = useSummaries(view.hasGlances ? request : undefined);
  return <Glances value={view.hasGlances ? summaries : undefined}>{children}</Glances>;
}

/** Says that the distributions are of a sample, and why some have gaps; nothing where they are of all rows, or hidden. */
export function GlanceNote({ dataset }: { readonly dataset: DatasetDescription }) {
  const { hasGlances, filter } = useView();
  if (!hasGlances || !isSpread(toReadDataset(dataset), { columns: [], filter, limit: glanceRowsMax })) return null;
  return (
    <p className="note">
      Distributions of {formatCounted(glanceRowsMax, "row")} from random places. {gapWords}
    </p>
  );
}

/** Shows the distributions, or hides them. */
export function GlanceButton() {
  const { hasGlances } = useView();
  return (
    <button type="button" aria-pressed={hasGlances} onClick={() => navigate({ hasGlances: !hasGlances })}>
      Distributions
    </button>
  );
}

/** The distribution of a column, small; nothing where none is shown. */
export function Glance({ field }: { readonly field: Field }) {
  const summaries = useContext(Glances);
  if (summaries === undefined) return null;
  const summary = summaries.get(field.name);
  return (
    <Suspense fallback={null}>
      <ColumnGlance field={field} summary={summary} />
    </Suspense>
  );
}
