import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm, rmdir, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { Disk, type OpenFile } from "./disk.ts";
import { UnnamedFile } from "./unnamed-file.ts";
import { errnoOf } from "./system-error.ts";
import {
  createOwnerFolderName,
  currentOwner,
  isOwnerGone,
  parseOwnerFolderName,
  startTimeOf,
  type UploadOwner,
} from "./upload-owner.ts";

/**
 * The place of unfinished uploads: `.hangar/uploads` in the folder of the datasets. Dataset names cannot reach it, and
 * listings omit it. It is on the same file system, so a commit is only a rename. Each store has its own folder in it,
 * whose name identifies its process.
 */
export class UploadArea {
  readonly #root: string;
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #owner: UploadOwner;

  private constructor(root: string, disk: Disk, owner: UploadOwner) {
    this.#disk = disk;
    this.#root = root;
    this.#owner = owner;
    this.#folder = join(uploadsFolder(root), createOwnerFolderName(owner));
  }

  /** Prepares uploads for a folder of datasets. Nothing is written yet, because the folder may be read-only. */
  static async open(root: string, disk = new Disk(false)): Promise<UploadArea> {
    return new UploadArea(root, disk, await currentOwner());
  }

  /** Creates a file for an upload. It is opened meanwhile: the first use of the file waits for it. */
  create(): UnnamedFile {
    const path = join(this.#folder, randomUUID());
    return new UnnamedFile(this.#open(path), path);
  }

  /** Creates a file without a name: its temporary name is removed immediately. */
  async createScratch(): Promise<UnnamedFile> {
    const path = join(this.#folder, randomUUID());
    const file = await this.#open(path);
    await rm(path);
    return new UnnamedFile(file, path);
  }

  /** The folder exists from the first upload on, until the end of the store or a cleanup by hand. */
  async #open(path: string): Promise<OpenFile> {
    try {
      return await this.#disk.open(path, "wx+");
    } catch (reason) {
      if (errnoOf(reason) !== "ENOENT") throw reason;
      await mkdir(this.#folder, { recursive: true });
      return await this.#disk.open(path, "wx+");
    }
  }

  /**
   * Removes the unfinished uploads of processes that ended during a put. Uploads of running processes, including this
   * one, are kept.
   *
   * @returns the number of removed owner folders
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

  /** Touches the folder, so that other machines see that its uploads have an owner. */
  async touch(): Promise<void> {
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

/**
 * Returns the milliseconds since the last write in a folder or to one of its files; 0 if it changes during the check.
 */
async function idleMsOf(folder: string): Promise<number> {
  try {
    const paths = [folder, ...(await readdir(folder)).map((fileName) => join(folder, fileName))];
    const stats = await Promise.all(paths.map((path) => stat(path)));
    return Date.now() - Math.max(...stats.map(({ mtimeMs }) => mtimeMs));
  } catch {
    return 0;
  }
}
