import { createAppendId } from "./append-name.ts";
import { parseDatasetName, type DatasetName } from "./dataset-name.ts";

/** The end of the names of files that replace others. Only these are looked into for what they replace. */
const suffix = "-compacted.parquet";

/** Creates the name of a file that replaces others of a folder. It sorts by time, as the names of appends do. */
export function createCompactedName(folder: string): DatasetName {
  return parseDatasetName(`${folder}/${createAppendId()}${suffix}`);
}

/** Returns whether a file may replace others, by its name. */
export function isCompactedName(name: string): boolean {
  return name.endsWith(suffix);
}

/** Returns the folder of a name, without `/` at its end; empty for the root. */
export function folderOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf("/")));
}
