import { useRef } from "react";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import type { RowSource } from "../table/row-source.ts";
import type { ViewedRows } from "./use-row-source.ts";

/** The rows that the table shows: those before, until there are others, as long as they have the columns. */
export function useShownRows(
  dataset: DatasetDescription,
  names: readonly string[],
  rows: ViewedRows,
): RowSource | undefined {
  const before = useRef<Pick<ViewedRows, "source" | "columns"> & { dataset: DatasetDescription }>(undefined);
  const { source, columns, isCounted, error } = rows;
  if (source && !error && (source.rowCount > 0 || isCounted)) before.current = { dataset, source, columns };
  const shown = before.current;
  const hasColumns = shown?.columns === undefined || names.every((name) => shown.columns?.includes(name));
  return shown?.dataset === dataset && hasColumns ? shown.source : undefined;
}
