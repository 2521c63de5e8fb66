import type { DatasetEntry } from "../api/dataset-entry.ts";
import type { Order } from "../state/view.ts";
import type { Folder } from "./folders.ts";
import { compareEntries } from "./order-entries.ts";

/** A row of the list: a dataset, or a folder. */
export type ListRow = {
  /** Unique among the rows. */
  readonly key: string;
  /** The name within the folder that the row is in. */
  readonly label: string;
  /** How deep the row is, from 1. */
  readonly level: number;
} & (
  | { readonly kind: "dataset"; readonly entry: DatasetEntry }
  | { readonly kind: "folder"; readonly entry: Folder; readonly isOpen: boolean }
);

/** What a list of folders shows. */
export interface RowsOptions {
  readonly order: Order | undefined;
  isOpen(folder: Folder): boolean;
}

/** The rows of a folder: folders first, each with its rows below it where it is open; pure. */
export function rowsOfFolder(folder: Folder, options: RowsOptions, level = 1): readonly ListRow[] {
  const compare = compareEntries(options.order);
  const start = folder.name === "" ? 0 : folder.name.length + 1;
  const folders = [...folder.folders].sort(compare).flatMap((entry): readonly ListRow[] => {
    const isOpen = options.isOpen(entry);
    const row: ListRow = {
      key: `${entry.name}/`,
      label: entry.name.slice(start),
      level,
      kind: "folder",
      entry,
      isOpen,
    };
    return isOpen ? [row, ...rowsOfFolder(entry, options, level + 1)] : [row];
  });
  return [...folders, ...rowsOfDatasets(folder.entries, start, level, options.order)];
}

/** The rows of datasets without folders: what a search finds; pure. */
export function rowsOfDatasets(
  entries: readonly DatasetEntry[],
  labelStart: number,
  level: number,
  order: Order | undefined,
): readonly ListRow[] {
  return [...entries].sort(compareEntries(order)).map((entry) => ({
    key: entry.name,
    label: entry.name.slice(labelStart),
    level,
    kind: "dataset",
    entry,
  }));
}

/** The index of the row that a row is in; -1 at the outermost level; pure. */
export function parentIndex(rows: readonly ListRow[], index: number): number {
  const { level } = rows[index]!;
  return rows.findLastIndex((row, i) => i < index && row.level < level);
}
