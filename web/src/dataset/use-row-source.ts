import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { FlightError } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { useConnection, useView } from "../state/store.ts";
import { take, useLoad } from "../state/use-load.ts";
import { FilteredSource } from "../table/filtered-source.ts";
import { readHeld } from "../table/held-source.ts";
import type { RowSource } from "../table/row-source.ts";
import { narrowestColumn } from "./shown-columns.ts";
import { createSelectionSource } from "../table/selection-source.ts";

/** The rows that a view means, as far as they are known. */
export interface ViewedRows {
  /** Undefined while they are being loaded. */
  readonly source: RowSource | undefined;
  /** Rows that meet the filter, by now; all where there is none. */
  readonly rowCount: number;
  /** Whether they have all been counted. */
  readonly isCounted: boolean;
  readonly error: FlightError | undefined;
}

/** Gives the rows of a dataset that the view means: filtered, sorted, or as they are stored. */
export function useRowSource(dataset: DatasetDescription, columns: readonly string[]): ViewedRows {
  const { filter, order } = useView();
  const { name, rowCount: rowCountKnown = 0, hasSelections } = dataset;
  const stored = useMemo(() => createSelectionSource(name, rowCountKnown, ""), [name, rowCountKnown]);
  const filtered = useFiltered(dataset, hasSelections ? filter : "");
  const isHeld = order !== undefined || !hasSelections;
  const held = useLoad(JSON.stringify(isHeld && [name, filter, columns, order]), async (signal) =>
    isHeld ? await readHeld({ dataset, filter: hasSelections ? filter : "", columns, order }, signal) : undefined,
  );
  const rowCount = filtered ? filtered.source.rowCount : rowCountKnown;
  const isCounted = filtered ? filtered.source.isCounted : dataset.rowCount !== undefined;
  const common = { rowCount, isCounted, error: filtered?.error };
  if (!isHeld) return { ...common, source: filtered?.source ?? stored };
  if (held.status === "failed") return { ...common, source: undefined, error: common.error ?? held.error };
  return { ...common, source: held.status === "ready" ? held.value : undefined };
}

/** Counts the rows that meet a filter, where there is one. */
function useFiltered(
  { name, schema }: DatasetDescription,
  filter: string,
): { readonly source: FilteredSource; readonly error: FlightError | undefined } | undefined {
  const { epoch } = useConnection();
  const [failure, setFailure] = useState<{ source: FilteredSource; error: FlightError }>();
  const source = useMemo(() => new FilteredSource(name, filter, narrowestColumn(schema.fields)), [name, filter, epoch]);
  useEffect(() => {
    if (filter === "") return undefined;
    const leaving = new AbortController();
    source.count(leaving.signal).catch((reason: unknown) => {
      if (!leaving.signal.aborted) setFailure({ source, error: take(reason) });
    });
    return () => leaving.abort();
  }, [source]);
  useSyncExternalStore(source.subscribe, () => `${source.rowCount} ${source.isCounted}`);
  return filter === "" ? undefined : { source, error: failure?.source === source ? failure.error : undefined };
}
