import { readdir } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { UsageError } from "./exit-code.ts";
import { toFileError } from "./file-error.ts";
import { isDataFile } from "./formats.ts";

/** Node shows bytes of a name that are not UTF-8 as this character, with which the file is not found. */
const replacement = "\uFFFD";

/** A file that can become a dataset. */
export interface FoundFile {
  readonly path: string;
  /** The name of its dataset, relative to the folder that was walked. */
  readonly name: string;
}

/**
 * Finds the Parquet and Arrow files in a folder and below, by their extensions, in the order of their names. Symbolic
 * links are followed to files, not to folders, which could contain themselves. Names that start with a dot are skipped.
 *
 * @throws Error that names the folder if it cannot be read; UsageError if the name of a file is not UTF-8
 */
export async function walkFolder(folder: string): Promise<FoundFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((reason: unknown) => {
    throw toFileError(reason, folder);
  });
  const files = entries
    .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && isDataFile(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, name: toDatasetName(relative(folder, path)) }))
    .filter(({ name }) => !/(^|\/)\./.test(name))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const foreign = files.find(({ name }) => name.includes(replacement));
  if (foreign !== undefined) throw new UsageError(`${foreign.path}: the name is not UTF-8; rename the file`);
  return files;
}

/** Returns the name of the dataset for a relative path of a file. Datasets are Parquet files. */
export function toDatasetName(path: string): string {
  return `${path.slice(0, path.length - extname(path).length).replaceAll(sep, "/")}.parquet`;
}
