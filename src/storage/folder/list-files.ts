import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { compareNames, isDatasetName, type DatasetName } from "../../dataset/index.ts";
import { errnoOf } from "./system-error.ts";

/** Options of a listing. */
export interface ListFilesOptions {
  /** Only names with this prefix; empty for all. */
  readonly prefix: string;
  /** Only names after this one; empty for all. */
  readonly after: string;
  /** Called for each omitted file or folder that is not hidden, with its path below the root and the reason. */
  readonly onLeftOut: (path: string, why: string) => void;
}

/**
 * Lists the files that can be datasets, in the order of the UTF-8 bytes of their names. Folders become segments. Hidden
 * entries, symbolic links and devices are omitted. At any time, the names of one folder and its parents are in memory.
 *
 * @throws the system's error if the root cannot be read, or if there are too many open files
 */
export async function* listFiles(
  root: string,
  options: ListFilesOptions,
): AsyncGenerator<DatasetName, void, undefined> {
  yield* listFolder(root, options, "", await readdir(root, { withFileTypes: true }));
}

async function* listFolder(
  root: string,
  options: ListFilesOptions,
  folder: string,
  entries: readonly Dirent[],
): AsyncGenerator<DatasetName, void, undefined> {
  const { onLeftOut } = options;
  for (const { path, isFolder } of planListing(folder, entries, options)) {
    if (!isDatasetName(path)) {
      onLeftOut(path, "its name is not a valid dataset name");
    } else if (!isFolder) {
      yield path;
    } else {
      const below = await readFolder(join(root, path), (why) => onLeftOut(path, why));
      yield* listFolder(root, options, `${path}/`, below);
    }
  }
}

/** Returns the relevant entries of a folder, in order. A folder is at the position of the names below it. */
function planListing(
  folder: string,
  entries: readonly Dirent[],
  { prefix, after }: ListFilesOptions,
): { readonly path: string; readonly isFolder: boolean }[] {
  return entries
    .filter((entry) => !entry.name.startsWith(".") && (entry.isFile() || entry.isDirectory()))
    .map((entry) => {
      const path = folder + entry.name;
      const isFolder = entry.isDirectory();
      return { path, isFolder, key: isFolder ? `${path}/` : path };
    })
    .filter(({ key, isFolder }) => key.startsWith(prefix) || (isFolder && prefix.startsWith(key)))
    .filter(({ key, isFolder }) => compareNames(key, after) > 0 || (isFolder && after.startsWith(key)))
    .sort((a, b) => compareNames(a.key, b.key));
}

async function readFolder(folder: string, onUnreadable: (why: string) => void): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (reason) {
    const errno = errnoOf(reason) ?? "";
    // For example, there are no free file handles. That is not an error of the folder, and without the folder the list
    // would be incomplete.
    if (!["ENOENT", "ENOTDIR", "EACCES", "EPERM"].includes(errno)) throw reason;
    // A missing folder was removed with its last dataset.
    if (errno === "EACCES" || errno === "EPERM") onUnreadable("the server has no permission to read the folder");
    return [];
  }
}
