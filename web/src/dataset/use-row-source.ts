import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { Field, FlightError } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { useConnection } from "../state/connection.ts";
import { navigate, useView } from "../state/navigate.ts";
import { take, useLoad, type Loaded } from "../state/use-load.ts";
import { FilteredSource } from "../table/filtered-source.ts";
import { holdRows, orderHeld, type Held, type HeldRequest } from "../table/held-source.ts";
import { startWork } from "../state/work.ts";
import type { Order } from "../state/view.ts";
import { rowsAhead } from "../table/read-ahead.ts";
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
  /** Counts on, after somebody has stopped the count; undefined otherwise. */
  readonly count: (() => void) | undefined;
  readonly error: FlightError | undefined;
  /** The columns that the source has; undefined for all. */
  readonly columns: readonly string[] | undefined;
}

/** How rows are wanted. */
interface WantedRows {
  /** By a column of the dataset. */
  readonly order: Order | undefined;
  /** The names of columns that are likely to be seen first. */
  likely(): readonly string[];
}

/**
 * Gives the rows of a dataset that the view means: filtered, sorted, or as they are stored.
 *
 * @param columns - the names of those that are shown
 */
export function useRowSource(
  dataset: DatasetDescription,
  columns: readonly string[],
  { order, likely }: WantedRows,
): ViewedRows {
  const { rowCount: rowCountKnown = 0, hasSelections, schema } = dataset;
  const { filter: asked } = useView();
  const filter = hasSelections ? asked : "";
  const stored = useMemo(
    () => ({ ...createSelectionSource(dataset, rowCountKnown, ""), known: rowsAhead(dataset) }),
    [dataset],
  );
  const isHeld = order !== undefined || !hasSelections;
  const covering = useCoveringColumns(schema.fields, columnsToHold(schema.fields, columns));
  // Where the server selects columns, they are read as they come into view.
  const heldColumns = hasSelections ? undefined : covering;
  const request = { dataset, filter, columns: heldColumns ?? [], sortedBy: order?.by };
  const held = useHeld(isHeld ? request : undefined, hasSelections ? likely : () => []);
  const heldRows = held.status === "ready" ? held.value : undefined;
  const sorted = useMemo(() => heldRows && orderHeld(heldRows, order), [heldRows, order?.isDescending]);
  const filtered = useFiltered(dataset, filter, isHeld ? { isLoading: held.status === "loading", held: heldRows } : {});
  const rowCount = filtered ? filtered.source.rowCount : rowCountKnown;
  const isCounted = filtered ? filtered.source.isCounted : dataset.rowCount !== undefined;
  const common = {
    rowCount,
    isCounted,
    count: filtered?.count,
    error: filtered?.error,
    columns: isHeld ? heldColumns : undefined,
  };
  if (!isHeld) return { ...common, source: filtered?.source ?? stored };
  if (held.status === "failed") return { ...common, source: undefined, error: common.error ?? held.error };
  return { ...common, source: sorted };
}

function useHeld(
  request: Omit<HeldRequest, "onCancel" | "likely"> | undefined,
  likely: () => readonly string[],
): Loaded<Held | undefined> {
  const { dataset, filter, columns, sortedBy } = request ?? {};
  const key = JSON.stringify([dataset?.name, dataset?.changedMs, filter, columns, sortedBy]);
  // Rows of one version stay the same, however often they are read.
  const isSame = (): boolean => dataset?.changedMs !== undefined;
  const onCancel = (): void => navigate({ order: undefined }, { replace: true });
  const hold = async (signal: AbortSignal): Promise<Held | undefined> =>
    request && (await holdRows({ ...request, likely: likely(), onCancel }, signal));
  const loaded = useLoad(key, hold, isSame);
  const held = loaded.status === "ready" ? loaded.value : undefined;
  useEffect(() => () => held?.columns.close(), [held]);
  return loaded;
}

/** Columns that are held: of a dataset of few all, so that others can be shown without reading again. */
function columnsToHold(fields: readonly Field[], shown: readonly string[]): readonly string[] {
  return fields.length <= firstColumnsMax ? fields.map(({ name }) => name) : shown;
}

/** What holding rows says about how many meet the filter. */
interface HeldCount {
  readonly isLoading?: boolean;
  readonly held?: Held | undefined;
}

interface Filtered {
  readonly source: FilteredSource;
  readonly error: FlightError | undefined;
  /** Counts on, after somebody has stopped it; undefined otherwise. */
  readonly count: (() => void) | undefined;
}

/** Counts the rows that meet a filter, where there is one; they need no count where all of them are held. */
function useFiltered(
  dataset: DatasetDescription,
  filter: string,
  { isLoading, held }: HeldCount,
): Filtered | undefined {
  const { epoch } = useConnection();
  const [failure, setFailure] = useState<{ source: FilteredSource; error: FlightError }>();
  const [stopped, setStopped] = useState<FilteredSource>();
  const source = useMemo(
    () => new FilteredSource(dataset, filter, narrowestColumn(dataset.schema.fields)),
    [dataset, filter],
  );
  const isStopped = stopped === source;
  const isAll = held?.columns.isAll === true && held.request.filter === filter && held.request.dataset === dataset;
  useEffect(() => {
    setFailure(undefined);
    if (filter === "" || source.isCounted || isLoading || isStopped) return undefined;
    if (isAll) return source.settle(held.columns.rowCount);
    const leaving = new AbortController();
    const work = startWork("Counting the rows that meet the filter", () => setStopped(source));
    source
      .count(leaving.signal, work.progress)
      .catch((reason: unknown) => leaving.signal.aborted || setFailure({ source, error: take(reason) }))
      .finally(work.end);
    return () => leaving.abort();
  }, [source, epoch, isLoading, isAll, isStopped]);
  useSyncExternalStore(source.subscribe, () => `${source.rowCount} ${source.isCounted}`);
  if (filter === "") return undefined;
  const error = failure?.source === source ? failure.error : undefined;
  return { source, error, count: isStopped ? () => setStopped(undefined) : undefined };
}
