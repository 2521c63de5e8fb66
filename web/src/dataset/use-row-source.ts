import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { Field, FlightError } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { useConnection } from "../state/connection.ts";
import { useView } from "../state/navigate.ts";
import { take, useLoad, type Loaded } from "../state/use-load.ts";
import { FilteredSource } from "../table/filtered-source.ts";
import { readHeld, type HeldRequest } from "../table/held-source.ts";
import type { Order } from "../state/view.ts";
import type { RowSource } from "../table/row-source.ts";
import { firstColumnsMax, narrowestColumn } from "../selection/shown-columns.ts";
import { useCoveringColumns } from "../selection/use-covering-columns.ts";
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
  /** The columns that the source has; undefined for all. */
  readonly columns: readonly string[] | undefined;
}

/**
 * Gives the rows of a dataset that the view means: filtered, sorted, or as they are stored.
 *
 * @param columns - the names of those that are shown
 * @param order - by a column of the dataset
 */
export function useRowSource(
  dataset: DatasetDescription,
  columns: readonly string[],
  order: Order | undefined,
): ViewedRows {
  const { rowCount: rowCountKnown = 0, hasSelections, schema } = dataset;
  const { filter: asked } = useView();
  const filter = hasSelections ? asked : "";
  const stored = useMemo(() => createSelectionSource(dataset, rowCountKnown, ""), [dataset]);
  const filtered = useFiltered(dataset, filter);
  const isHeld = order !== undefined || !hasSelections;
  const heldColumns = useCoveringColumns(schema.fields, columnsToHold(schema.fields, columns));
  const held = useHeld(isHeld ? { dataset, filter, columns: heldColumns, order } : undefined);
  const rowCount = filtered ? filtered.source.rowCount : rowCountKnown;
  const isCounted = filtered ? filtered.source.isCounted : dataset.rowCount !== undefined;
  const common = { rowCount, isCounted, error: filtered?.error, columns: isHeld ? heldColumns : undefined };
  if (!isHeld) return { ...common, source: filtered?.source ?? stored };
  if (held.status === "failed") return { ...common, source: undefined, error: common.error ?? held.error };
  return { ...common, source: held.status === "ready" ? held.value : undefined };
}

function useHeld(request: HeldRequest | undefined): Loaded<RowSource | undefined> {
  const { dataset, filter, columns, order } = request ?? {};
  const key = JSON.stringify([dataset?.name, dataset?.changedMs, filter, columns, order]);
  // Rows of one version stay the same, however often they are read.
  const isSame = (): boolean => dataset?.changedMs !== undefined;
  return useLoad(key, async (signal) => request && (await readHeld(request, signal)), isSame);
}

/** Columns that are held: of a dataset of few all, so that others can be shown without reading again. */
function columnsToHold(fields: readonly Field[], shown: readonly string[]): readonly string[] {
  return fields.length <= firstColumnsMax ? fields.map(({ name }) => name) : shown;
}

/** Counts the rows that meet a filter, where there is one. */
function useFiltered(
  dataset: DatasetDescription,
  filter: string,
): { readonly source: FilteredSource; readonly error: FlightError | undefined } | undefined {
  const { epoch } = useConnection();
  const [failure, setFailure] = useState<{ source: FilteredSource; error: FlightError }>();
  const source = useMemo(
    () => new FilteredSource(dataset, filter, narrowestColumn(dataset.schema.fields)),
    [dataset, filter],
  );
  useEffect(() => {
    setFailure(undefined);
    if (filter === "" || source.isCounted) return undefined;
    const leaving = new AbortController();
    source.count(leaving.signal).catch((reason: unknown) => {
      if (!leaving.signal.aborted) setFailure({ source, error: take(reason) });
    });
    return () => leaving.abort();
  }, [source, epoch]);
  useSyncExternalStore(source.subscribe, () => `${source.rowCount} ${source.isCounted}`);
  return filter === "" ? undefined : { source, error: failure?.source === source ? failure.error : undefined };
}
