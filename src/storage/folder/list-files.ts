import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { compareNames, isDatasetName, type DatasetName } from "../../dataset/index.ts";
import { errnoOf } from "./system-error.ts";

/** Which names to list, and whom to tell of the others. */
export interface ListFilesOptions {
  /** Only names that begin so; empty for all. */
  readonly prefix: string;
  /** Only names after this one; empty for all. */
  readonly after: string;
  /** Told of a file or folder that is left out though it is not hidden: by the path below the root, and why. */
  readonly onLeftOut: (path: string, why: string) => void;
}

/**
 * Lists the files that can be datasets, in order of the UTF-8 bytes of their names; folders become segments.
 * Hidden entries, symbolic links and devices are passed over. What is held is the names of one folder, and of
 * the folders above it, at a time.
 *
 * @throws the system's error where the root itself cannot be read, or a folder for want of file handles
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
      onLeftOut(path, "it cannot name a dataset");
    } else if (!isFolder) {
      yield path;
    } else {
      const below = await readFolder(join(root, path), (why) => onLeftOut(path, why));
      yield* listFolder(root, options, `${path}/`, below);
    }
  }
}

/** A folder's entries that matter, in order: a folder stands where the names below it belong. */
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
    // Out of file handles, say: that is not the folder's fault, and a list without it would look complete.
    if (!["ENOENT", "ENOTDIR", "EACCES", "EPERM"].includes(errno)) throw reason;
    // One that is gone was removed with its last dataset.
    if (errno === "EACCES" || errno === "EPERM") onUnreadable("the server has no permission to read the folder");
    return [];
  }
}
