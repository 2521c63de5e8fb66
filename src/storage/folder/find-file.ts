import { constants, type BigIntStats } from "node:fs";
import { lstat, open, unlink, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { datasetPath, missingDataset, type DatasetName } from "../../dataset/index.ts";
import { removeEmptyFolders, syncFolders } from "./place-file.ts";
import { errnoOf, toStorageError } from "./system-error.ts";

/** An open file and the status that it had when it was opened. */
export interface FoundFile {
  /** Whoever opened it closes it. */
  readonly file: FileHandle;
  readonly stats: BigIntStats;
}

/*
 * Names have passed the checks of dataset-name.ts, so joining them to the folder cannot leave it. Symbolic links
 * are not followed: O_NOFOLLOW guards the last component, a look at each folder above guards the others. The
 * latter is a look before an open, because Node has no openat(): somebody who may write into the folder on the
 * server itself, and swaps a folder for a link between the two, is not stopped. Clients cannot make links.
 * Nor are hard links or mounts told from ordinary files and folders.
 */

/**
 * The status of a name's file.
 *
 * @throws FlightError NOT_FOUND where there is no ordinary file of the name
 */
export async function statFile(root: string, name: DatasetName): Promise<BigIntStats> {
  try {
    await assertOwnFolders(root, name);
    const stats = await lstat(join(root, name), { bigint: true });
    if (!stats.isFile()) throw missingDataset(name);
    return stats;
  } catch (reason) {
    throw toReadError(reason, name);
  }
}

/**
 * Opens a name's file to read.
 *
 * @throws FlightError NOT_FOUND where there is no ordinary file of the name
 */
export async function openFile(root: string, name: DatasetName): Promise<FoundFile> {
  let file: FileHandle | undefined;
  try {
    await assertOwnFolders(root, name);
    // O_NONBLOCK: opening a pipe that somebody put there would wait for its writer.
    file = await open(join(root, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await file.stat({ bigint: true });
    if (!stats.isFile()) throw missingDataset(name);
    return { file, stats };
  } catch (reason) {
    await file?.close();
    throw toReadError(reason, name);
  }
}

/**
 * Deletes a name's file, and the folders that are empty without it: a name is a folder only as long as there are
 * datasets below it, as in a bucket, so `a` can be put again when `a/b` was the last. On return the disk has it.
 *
 * @throws FlightError NOT_FOUND where there is no ordinary file of the name
 */
export async function dropFile(root: string, name: DatasetName): Promise<void> {
  await statFile(root, name);
  try {
    await unlink(join(root, name));
    await syncFolders(root, name);
    await removeEmptyFolders(root, name);
  } catch (reason) {
    throw toStorageError(reason, "drop");
  }
}

async function assertOwnFolders(root: string, name: DatasetName): Promise<void> {
  let folder = root;
  for (const segment of datasetPath(name).slice(0, -1)) {
    folder = join(folder, segment);
    if (!(await lstat(folder)).isDirectory()) throw missingDataset(name);
  }
}

function toReadError(reason: unknown, name: DatasetName): unknown {
  const errno = errnoOf(reason);
  return errno === "ENOENT" || errno === "ENOTDIR" ? missingDataset(name) : toStorageError(reason, "read");
}
