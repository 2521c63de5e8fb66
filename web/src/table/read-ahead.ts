import type { DatasetDescription } from "../api/describe-dataset.ts";
import { shownColumns } from "../selection/shown-columns.ts";
import type { View } from "../state/view.ts";
import { firstColumnCount } from "./columns-in-view.ts";
import { blockRowCount } from "./row-cache.ts";
import type { RowChunk } from "./row-source.ts";
import { createSelectionSource } from "./selection-source.ts";

/** How long the table waits for its first rows before it is drawn without them, in milliseconds. Most come in 30. */
const waitMs = 1000;

const aheadOf = new WeakMap<DatasetDescription, readonly RowChunk[]>();

/**
 * Reads the first rows of a dataset before the table is drawn, so that it is drawn once. Gives up if they take long, or
 * cannot be read: the table reads them itself then, and shows why it cannot.
 */
export async function readAhead(dataset: DatasetDescription, view: View, signal: AbortSignal): Promise<void> {
  const { rowCount = 0, hasSelections, schema } = dataset;
  const isFirst = view.tab === "rows" && !view.order && view.filter === "" && (view.row ?? 0) < blockRowCount;
  if (!isFirst || !hasSelections || rowCount === 0) return;
  const columns = shownColumns(schema.fields, view.columns).slice(0, firstColumnCount);
  const range = { rowStart: 0, rowEnd: Math.min(rowCount, blockRowCount) };
  const names = columns.map(({ name }) => name);
  const source = createSelectionSource(dataset, rowCount, "");
  const ending = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
  try {
    const chunks: RowChunk[] = [];
    for await (const chunk of source.read(range, names, { signal: ending })) chunks.push(chunk);
    aheadOf.set(dataset, chunks);
  } catch {
    aheadOf.delete(dataset);
  }
}

/** The rows that have been read ahead; none if there are none. */
export function rowsAhead(dataset: DatasetDescription): readonly RowChunk[] {
  return aheadOf.get(dataset) ?? [];
}
