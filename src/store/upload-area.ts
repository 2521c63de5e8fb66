import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rm, rmdir, stat, utimes, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { toFileVersion, type FileVersion } from "./file-version.ts";
import { placeFile, type Placement } from "./place-file.ts";
import { errnoOf } from "./store-error.ts";
import {
  createOwnerFolderName,
  currentOwner,
  isOwnerGone,
  parseOwnerFolderName,
  startTimeOf,
  type UploadOwner,
} from "./upload-owner.ts";

/** A new file that is a dataset once it is committed, and nothing before or otherwise. */
export interface Upload {
  /** To write to; `commit` and `discard` close it. */
  readonly file: FileHandle;
  /**
   * Makes the file the dataset of a name, and tells the version that it is, whatever becomes of the name. On return the
   * disk has all of it; when this throws, it is not acknowledged and must be discarded.
   *
   * @throws FlightError as `placeFile`; otherwise the system's error
   */
  commit(placement: Placement): Promise<FileVersion>;
  /** Removes the file, or the temporary name that a commit may have left it beside its own. */
  discard(): Promise<void>;
}

/**
 * Where uploads wait to be complete: in `.hangar/uploads` of the datasets' folder, which no name can reach and
 * no listing shows, on the same file system, so that a rename is all there is to a commit. Each store has a
 * folder of its own in it, whose name tells its process.
 */
export class UploadArea {
  readonly #root: string;
  readonly #folder: string;
  readonly #owner: UploadOwner;

  private constructor(root: string, owner: UploadOwner) {
    this.#root = root;
    this.#owner = owner;
    this.#folder = join(uploadsFolder(root), createOwnerFolderName(owner));
  }

  /** Prepares uploads into the datasets of a folder. Nothing is written yet: the folder may be read-only. */
  static async open(root: string): Promise<UploadArea> {
    return new UploadArea(root, await currentOwner());
  }

  /** Begins an upload. */
  async create(): Promise<Upload> {
    await mkdir(this.#folder, { recursive: true });
    const path = join(this.#folder, randomUUID());
    return new FileUpload(this.#root, path, await open(path, "wx+"));
  }

  /** Opens a new file, to write and read, that nobody else finds: its name is gone at once. */
  async createScratch(): Promise<FileHandle> {
    await mkdir(this.#folder, { recursive: true });
    const path = join(this.#folder, randomUUID());
    const file = await open(path, "wx+");
    await rm(path);
    return file;
  }

  /**
   * Removes what processes left behind that were ended in the middle of a put. Uploads of living processes,
   * this one's too, are not touched.
   *
   * @returns how many owners' folders were removed
   */
  async sweep(): Promise<number> {
    let removedCount = 0;
    for (const folderName of await namesIn(uploadsFolder(this.#root))) {
      const owner = parseOwnerFolderName(folderName);
      if (owner === undefined) continue;
      const folder = join(uploadsFolder(this.#root), folderName);
      const startTimeNow = await startTimeOf(owner.pid);
      if (!isOwnerGone({ owner, self: this.#owner, startTimeNow, idleMs: await idleMsOf(folder) })) continue;
      await rm(folder, { recursive: true, force: true });
      removedCount += 1;
    }
    return removedCount;
  }

  /** Says to other machines that uploads which nobody writes to right now still have an owner. */
  async sayAlive(): Promise<void> {
    const now = new Date();
    try {
      await utimes(this.#folder, now, now);
    } catch (reason) {
      if (errnoOf(reason) !== "ENOENT") throw reason;
    }
  }

  /** Removes the store's own folder, once its uploads have ended. */
  async close(): Promise<void> {
    try {
      await rmdir(this.#folder);
    } catch (reason) {
      if (errnoOf(reason) !== "ENOENT" && errnoOf(reason) !== "ENOTEMPTY") throw reason;
    }
  }
}

class FileUpload implements Upload {
  readonly file: FileHandle;
  readonly #root: string;
  readonly #path: string;

  constructor(root: string, path: string, file: FileHandle) {
    this.#root = root;
    this.#path = path;
    this.file = file;
  }

  async commit(placement: Placement): Promise<FileVersion> {
    // A sync that fails is final: the system may have dropped what it could not write, and say OK the next time.
    await this.file.sync();
    await placeFile(this.#root, this.#path, placement);
    // Its name may be another's by now; and as long as it has two, it is not yet the version that it will be.
    if (placement.mode === "create") await rm(this.#path, { force: true });
    const version = toFileVersion(await this.file.stat({ bigint: true }));
    await this.file.close();
    return version;
  }

  async discard(): Promise<void> {
    await this.file.close().catch(() => {});
    await rm(this.#path, { force: true });
  }
}

function uploadsFolder(root: string): string {
  return join(root, ".hangar", "uploads");
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (reason) {
    if (errnoOf(reason) === "ENOENT") return [];
    throw reason;
  }
}

/** Milliseconds since the last write in a folder or to one of its files; 0 where it changes under the look. */
async function idleMsOf(folder: string): Promise<number> {
  try {
    const paths = [folder, ...(await readdir(folder)).map((fileName) => join(folder, fileName))];
    const stats = await Promise.all(paths.map((path) => stat(path)));
    return Date.now() - Math.max(...stats.map(({ mtimeMs }) => mtimeMs));
  } catch {
    return 0;
  }
}
