import { link, mkdir, opendir, rename, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { datasetExists, datasetPath, type DatasetName } from "../../dataset/index.ts";
import { FlightError, quoteName } from "../../flight/index.ts";
import type { Placement } from "../storage.ts";
import type { Disk } from "./disk.ts";
import { syncFolder } from "./sync-folder.ts";
import { errnoOf, mayPass } from "./system-error.ts";

/** The number of times that a put creates its folders again, if concurrent drops remove them. */
const attemptCountMax = 16;

/** A folder, and the disk that it is on. */
export interface Place {
  readonly disk: Disk;
  readonly root: string;
}

/** What a name was before a file got it. */
export interface Placed {
  /** Whether no dataset had the name. */
  readonly isNew: boolean;
}

/**
 * Gives a finished file the name of a dataset. The name survives a power failure after `syncFolders`. In the mode
 * `create`, the file also keeps its temporary name until the caller removes it.
 *
 * The file must be on the same file system, and synced. It becomes visible atomically. A rename replaces an existing
 * file. A link does not, so one of several concurrent creates succeeds.
 *
 * @throws FlightError as `assertPlaceable`; UNIMPLEMENTED if the disk does not support hard links; otherwise the
 * system's error
 */
export async function placeFile(place: Place, temporaryPath: string, placement: Placement): Promise<Placed> {
  try {
    return await moveIntoPlace(place, temporaryPath, placement);
  } catch (reason) {
    await removeEmptyFolders(place.root, placement.name);
    throw reason;
  }
}

async function moveIntoPlace(place: Place, temporaryPath: string, placement: Placement): Promise<Placed> {
  const { name, mode } = placement;
  const { root } = place;
  const path = join(root, name);
  for (let attemptCount = 1; ; attemptCount++) {
    const placed = await assertPlaceable(place, placement);
    try {
      for (const folder of foldersOf(root, name).slice(1)) await makeFolder(folder);
      await (mode === "create" ? linkOnce(temporaryPath, path) : rename(temporaryPath, path));
      return placed;
    } catch (reason) {
      const errno = errnoOf(reason);
      // After EEXIST of a link, the next attempt finds out what exists under the name.
      const isRaced = errno === "ENOENT" || (errno === "EEXIST" && mode === "create");
      if (!isRaced || attemptCount === attemptCountMax) throw reason;
    }
  }
}

async function linkOnce(temporaryPath: string, path: string): Promise<void> {
  try {
    await link(temporaryPath, path);
  } catch (reason) {
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(errnoOf(reason) ?? "")) throw reason;
    const words = "the server's disk does not support hard links, which the mode create needs";
    throw new FlightError("unimplemented", words, { cause: reason });
  }
}

/**
 * Asserts that a dataset of the name can be put: no dataset has the name of one of its folders, and no folder, link or
 * device has its name. In the mode `create`, the dataset must not exist. A folder without files is removed; a server
 * that is killed during a put or a drop leaves one.
 *
 * @throws FlightError FAILED_PRECONDITION; ALREADY_EXISTS
 */
export async function assertPlaceable({ disk, root }: Place, { name, mode }: Placement): Promise<Placed> {
  const segments = datasetPath(name);
  for (let depth = 1; depth <= segments.length; depth++) {
    const part = segments.slice(0, depth).join("/");
    const kind = await kindOf(disk, join(root, part));
    if (kind === "nothing") return { isNew: true };
    if (kind === "file" && depth === segments.length && mode === "create") {
      throw datasetExists(name);
    }
    if (kind === (depth < segments.length ? "folder" : "file")) continue;
    if (kind === "folder" && (await removeBareFolder(join(root, part)))) return { isNew: true };
    const words = `dataset ${quoteName(name)} cannot be put: ${blockedBy(kind, part)}`;
    throw new FlightError("failed_precondition", words, { dataset: name });
  }
  return { isNew: false };
}

function blockedBy(kind: "file" | "folder" | "other", part: string): string {
  if (kind === "file") return `${quoteName(part)} is a dataset, not a folder`;
  if (kind === "folder") return `${quoteName(part)} is a folder of datasets`;
  return `${quoteName(part)} is neither an ordinary file nor a folder on the server`;
}

async function kindOf(disk: Disk, path: string): Promise<"nothing" | "file" | "folder" | "other"> {
  const stats = await disk.find(path);
  if (stats === undefined) return "nothing";
  if (stats.isFile()) return "file";
  return stats.isDirectory() ? "folder" : "other";
}

/** Removes a folder that contains only folders, with these. Returns false if it contains anything else. */
async function removeBareFolder(folder: string): Promise<boolean> {
  try {
    const bare = await bareFoldersOf(folder);
    for (const path of bare?.reverse() ?? []) await rmdir(path);
    return bare !== undefined;
  } catch (reason) {
    if (mayPass(reason)) throw reason;
    // A missing folder counts as removed. A folder that cannot be read, or was filled meanwhile, is not empty.
    return errnoOf(reason) === "ENOENT";
  }
}

/** Returns a folder and the folders in it, the outermost first; undefined if it contains anything else. */
async function bareFoldersOf(folder: string): Promise<string[] | undefined> {
  const folders = [folder];
  for await (const entry of await opendir(folder)) {
    const inner = entry.isDirectory() ? await bareFoldersOf(join(folder, entry.name)) : undefined;
    if (inner === undefined) return undefined;
    folders.push(...inner);
  }
  return folders;
}

/** Removes the empty folders of a name, from the innermost to the outermost, but never the root. */
export async function removeEmptyFolders(root: string, name: DatasetName): Promise<void> {
  for (const folder of foldersOf(root, name).slice(1).reverse()) {
    try {
      await rmdir(folder);
    } catch (reason) {
      // If a folder is missing, its parent may still be empty. Any other error means that the folder must stay.
      if (errnoOf(reason) !== "ENOENT") return;
    }
  }
}

/**
 * Syncs the folders of a name, so that a creation, rename or deletion survives a power failure. This includes folders
 * that a concurrent call has just created. A folder that was removed meanwhile needs no sync: its removal is recorded
 * in its parent.
 */
export async function syncFolders({ disk, root }: Place, name: DatasetName): Promise<void> {
  for (const folder of foldersOf(root, name).reverse()) {
    try {
      await syncFolder(disk, folder);
    } catch (reason) {
      if (errnoOf(reason) !== "ENOENT") throw reason;
    }
  }
}

/** Returns the root and the folders of a name below it, from the outermost to the innermost. */
function foldersOf(root: string, name: DatasetName): string[] {
  const segments = datasetPath(name).slice(0, -1);
  return [root, ...segments.map((_, i) => join(root, ...segments.slice(0, i + 1)))];
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (reason) {
    if (errnoOf(reason) !== "EEXIST") throw reason;
  }
}
