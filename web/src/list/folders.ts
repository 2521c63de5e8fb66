import type { DatasetEntry } from "../api/dataset-entry.ts";

/** A folder of datasets, with the sums of all that is below it; its name is the whole path, empty for the root. */
export interface Folder extends DatasetEntry {
  readonly datasetCount: number;
  readonly folders: readonly Folder[];
  /** The datasets that are in it itself. */
  readonly entries: readonly DatasetEntry[];
}

/**
 * The folder that a dataset is in: its name without the last segment; empty at the root. A name with an empty segment, as
 * other servers may have it, is in no folder.
 */
export function folderOf(name: string): string {
  const end = name.split("/").includes("") ? -1 : name.lastIndexOf("/");
  return end < 0 ? "" : name.slice(0, end);
}

/** The paths of a folder and of those around it, from the outermost: `a`, `a/b`. */
export function pathsTo(folder: string): readonly string[] {
  const segments = folder === "" ? [] : folder.split("/");
  return segments.map((_, i) => segments.slice(0, i + 1).join("/"));
}

interface Draft {
  readonly name: string;
  readonly folders: Map<string, Draft>;
  readonly entries: DatasetEntry[];
}

/** Puts datasets into the folders of their names; pure. Returns the root. */
export function nestEntries(entries: readonly DatasetEntry[]): Folder {
  const root: Draft = { name: "", folders: new Map(), entries: [] };
  const drafts = new Map([["", root]]);
  const draftOf = (path: string): Draft => {
    const known = drafts.get(path);
    if (known !== undefined) return known;
    const draft: Draft = { name: path, folders: new Map(), entries: [] };
    drafts.set(path, draft);
    draftOf(path.slice(0, Math.max(0, path.lastIndexOf("/")))).folders.set(path, draft);
    return draft;
  };
  for (const entry of entries) draftOf(folderOf(entry.name)).entries.push(entry);
  return complete(root);
}

/** Finds a folder by its path. */
export function findFolder(root: Folder, path: string): Folder | undefined {
  return pathsTo(path).reduce<Folder | undefined>(
    (folder, each) => folder?.folders.find(({ name }) => name === each),
    root,
  );
}

/** All datasets in a folder and in those below it. */
export function entriesBelow({ entries, folders }: Folder): readonly DatasetEntry[] {
  return [...entries, ...folders.flatMap(entriesBelow)];
}

function complete({ name, folders: drafts, entries }: Draft): Folder {
  const folders = [...drafts.values()].map(complete);
  const all = [...folders, ...entries];
  return {
    name,
    folders,
    entries,
    datasetCount: entries.length + folders.reduce((sum, { datasetCount }) => sum + datasetCount, 0),
    rowCount: sumOf(all.map(({ rowCount }) => rowCount)),
    byteLength: sumOf(all.map(({ byteLength }) => byteLength)),
    columnCount: undefined,
    changedMs: all.reduce<number | undefined>((latest, { changedMs }) => latestOf(latest, changedMs), undefined),
  };
}

/** A sum is not known where one of its parts is not. */
function sumOf(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce<number | undefined>(
    (sum, value) => (sum === undefined || value === undefined ? undefined : sum + value),
    0,
  );
}

function latestOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}
