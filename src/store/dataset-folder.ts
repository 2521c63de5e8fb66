import { constants } from "node:fs";
import { lstat, open, unlink, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { datasetPath, quoteName, type DatasetName } from "../dataset/index.ts";
import { FlightError } from "../flight/index.ts";
import { toFileVersion, type FileVersion } from "./file-version.ts";
import { removeEmptyFolders, syncFolders } from "./place-file.ts";
import { errnoOf, toStoreError } from "./store-error.ts";

/** A dataset's file, held open: what it has been read from stays, whatever happens to the name. */
export interface OpenDatasetFile {
  /** Whoever opened it closes it. */
  readonly file: FileHandle;
  readonly version: FileVersion;
}

/*
 * Names have passed the checks of dataset-name.ts, so joining them to the folder cannot leave it. Symbolic links
 * are not followed: O_NOFOLLOW guards the last component, a look at each folder above guards the others. The
 * latter is a look before an open, because Node has no openat(): somebody who may write into the folder on the
 * server itself, and swaps a folder for a link between the two, is not stopped. Clients cannot make links.
 * Nor are hard links or mounts told from ordinary files and folders.
 */

/**
 * Tells which version of a dataset there is now.
 *
 * @throws FlightError NOT_FOUND where there is no ordinary file of the name
 */
export async function statDataset(root: string, name: DatasetName): Promise<FileVersion> {
  try {
    await assertOwnFolders(root, name);
    const stats = await lstat(join(root, name), { bigint: true });
    if (!stats.isFile()) throw notFound(name);
    return toFileVersion(stats);
  } catch (reason) {
    throw toReadError(reason, name);
  }
}

/**
 * Opens a dataset to read.
 *
 * @throws FlightError NOT_FOUND where there is no ordinary file of the name
 */
export async function openDataset(root: string, name: DatasetName): Promise<OpenDatasetFile> {
  let file: FileHandle | undefined;
  try {
    await assertOwnFolders(root, name);
    // O_NONBLOCK: opening a pipe that somebody put there would wait for its writer.
    file = await open(join(root, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile()) throw notFound(name);
    return { file, version: toFileVersion(stats) };
  } catch (reason) {
    await file?.close();
    throw toReadError(reason, name);
  }
}

/**
 * Deletes a dataset, and the folders that are empty without it: a name is a folder only as long as there are
 * datasets below it, as in a bucket, so `a` can be put again when `a/b` was the last. On return the disk has it.
 *
 * @throws FlightError NOT_FOUND where there is no ordinary file of the name
 */
export async function dropDataset(root: string, name: DatasetName): Promise<void> {
  await statDataset(root, name);
  try {
    await unlink(join(root, name));
    await syncFolders(root, name);
    await removeEmptyFolders(root, name);
  } catch (reason) {
    throw toStoreError(reason, "drop", name);
  }
}

async function assertOwnFolders(root: string, name: DatasetName): Promise<void> {
  let folder = root;
  for (const segment of datasetPath(name).slice(0, -1)) {
    folder = join(folder, segment);
    if (!(await lstat(folder)).isDirectory()) throw notFound(name);
  }
}

function toReadError(reason: unknown, name: DatasetName): unknown {
  const errno = errnoOf(reason);
  return errno === "ENOENT" || errno === "ENOTDIR" ? notFound(name) : toStoreError(reason, "read", name);
}

function notFound(name: DatasetName): FlightError {
  return new FlightError("not_found", `there is no dataset ${quoteName(name)}`);
}
