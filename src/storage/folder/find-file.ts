import { constants, type BigIntStats } from "node:fs";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import { datasetPath, missingDataset, type DatasetName } from "../../dataset/index.ts";
import type { OpenFile } from "./disk.ts";
import { removeEmptyFolders, syncFolders, type Place } from "./place-file.ts";
import { errnoOf, toStorageError } from "./system-error.ts";

/** An open file, and its status at the time it was opened. */
export interface FoundFile {
  /** The caller closes it. */
  readonly file: OpenFile;
  readonly stats: BigIntStats;
}

/*
 * Names are checked by dataset-name.ts, so a path cannot leave the folder. Symbolic links are not followed: O_NOFOLLOW
 * protects the last component, and a check of each parent folder protects the others. Node has no openat(), so a user
 * of the server itself who can write to the folder could replace a folder with a link between the check and the open.
 * Clients cannot create links. Hard links and mounts are treated like ordinary files and folders.
 */

/**
 * Returns the status of a file.
 *
 * @throws FlightError NOT_FOUND if there is no regular file of the name
 */
export async function statFile({ disk, root }: Place, name: DatasetName): Promise<BigIntStats> {
  try {
    await assertOwnFolders({ disk, root }, name);
    const stats = await disk.find(join(root, name));
    if (!stats?.isFile()) throw missingDataset(name);
    return stats;
  } catch (reason) {
    throw toReadError(reason, name);
  }
}

/**
 * Opens a file for reading.
 *
 * @throws FlightError NOT_FOUND if there is no regular file of the name
 */
export async function openFile({ disk, root }: Place, name: DatasetName): Promise<FoundFile> {
  let file: OpenFile | undefined;
  try {
    await assertOwnFolders({ disk, root }, name);
    // O_NONBLOCK: opening a pipe would otherwise wait for its writer.
    file = await disk.open(join(root, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (!stats.isFile()) throw missingDataset(name);
    return { file, stats };
  } catch (reason) {
    await file?.close();
    throw toReadError(reason, name);
  }
}

/**
 * Deletes a file, and the parent folders that become empty. As in a bucket, a folder exists only while it has datasets,
 * so `a` can be put after `a/b` was dropped. On return, the deletion survives a power failure.
 *
 * @throws FlightError NOT_FOUND if there is no regular file of the name
 */
export async function dropFile(place: Place, name: DatasetName): Promise<void> {
  const { root } = place;
  await statFile(place, name);
  try {
    await unlink(join(root, name));
    await syncFolders(place, name);
    await removeEmptyFolders(root, name);
  } catch (reason) {
    throw toStorageError(reason, "drop");
  }
}

async function assertOwnFolders({ disk, root }: Place, name: DatasetName): Promise<void> {
  let folder = root;
  for (const segment of datasetPath(name).slice(0, -1)) {
    folder = join(folder, segment);
    if (!(await disk.find(folder))?.isDirectory()) throw missingDataset(name);
  }
}

function toReadError(reason: unknown, name: DatasetName): unknown {
  const errno = errnoOf(reason);
  return errno === "ENOENT" || errno === "ENOTDIR" ? missingDataset(name) : toStorageError(reason, "read");
}
