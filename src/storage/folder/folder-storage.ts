import type { BigIntStats } from "node:fs";
import { lstat, realpath, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { DatasetName } from "../../dataset/index.ts";
import { LeftOutLog } from "../left-out-log.ts";
import { NameLocks } from "../name-locks.ts";
import { silentLog, type StorageLog } from "../storage-log.ts";
import type {
  Committed,
  FileVersion,
  ListedFile,
  ListOptions,
  Placement,
  Scratch,
  Storage,
  StoredFile,
  Upload,
  VersionIds,
} from "../storage.ts";
import { assertVersion } from "../version-condition.ts";
import { KnownVersions } from "./file-version.ts";
import { Disk } from "./disk.ts";
import { dropFile, openFile, statFile } from "./find-file.ts";
import { FolderFile } from "./folder-file.ts";
import { listFiles } from "./list-files.ts";
import { isOnLocalFileSystem } from "./local-file-system.ts";
import { makeFolders } from "./make-folders.ts";
import { assertPlaceable, placeFile, syncFolders, type Place } from "./place-file.ts";
import { errnoOf, toStorageError } from "./system-error.ts";
import type { UnnamedFile } from "./unnamed-file.ts";
import { UploadArea } from "./upload-area.ts";
import { aliveIntervalMs } from "./upload-owner.ts";

/** Options of `openFolderStorage`. */
export interface FolderStorageOptions {
  /** The path of the folder. It is created if it does not exist. */
  readonly folder: string;
  /** The log of omitted files and of removed uploads; no log by default. */
  readonly log?: StorageLog;
}

/**
 * Opens a folder of the file system as a storage. The file `a/b.parquet` has the name `a/b.parquet`.
 *
 * Several storages, in several processes, may use the same folder. Other programs may add files, remove files, and
 * replace files with a rename. Unfinished uploads of dead processes are removed at the start and every five minutes.
 */
export async function openFolderStorage({ folder, log = silentLog }: FolderStorageOptions): Promise<Storage> {
  await makeFolders(folder);
  const root = await realpath(folder);
  const disk = new Disk(await isOnLocalFileSystem(root));
  const uploads = await UploadArea.open(root, disk);
  await tendUploads(uploads, log);
  return new FolderStorage({ root, uploads, log, disk });
}

/**
 * Removes unfinished uploads of dead servers. It touches this server's own folder, so that servers on other machines do
 * not remove it.
 */
async function tendUploads(uploads: UploadArea, log: StorageLog): Promise<void> {
  try {
    await uploads.touch();
    const removedCount = await uploads.sweep();
    if (removedCount > 0) log.info({ removedCount }, "removed unfinished uploads of stopped servers");
  } catch (reason) {
    log.warn({ err: reason }, "unfinished uploads of stopped servers cannot be removed");
  }
}

interface FolderParts {
  readonly root: string;
  readonly uploads: UploadArea;
  readonly log: StorageLog;
  readonly disk: Disk;
}

/** The time in which another server lists a large folder, in milliseconds. */
const listingMsMax = 1000;

/** The number of names that are listed before other calls get their turn. */
const namesPerTurn = 64;

class FolderStorage implements Storage {
  readonly listedAfterMs = listingMsMax;
  readonly #root: string;
  readonly #disk: Disk;
  readonly #otherDisk = new Disk(false);
  readonly #uploads: UploadArea;
  readonly #leftOut: LeftOutLog;
  readonly #locks = new NameLocks();
  readonly #versions = new KnownVersions();
  readonly #tending: NodeJS.Timeout;

  constructor({ root, uploads, log, disk }: FolderParts) {
    this.#root = root;
    this.#disk = disk;
    this.#uploads = uploads;
    this.#leftOut = new LeftOutLog(log);
    this.#tending = setInterval(() => void tendUploads(uploads, log), aliveIntervalMs).unref();
  }

  async *list({ prefix = "", after }: ListOptions): AsyncGenerator<ListedFile, void, undefined> {
    const onLeftOut = (path: string, why: string): void => this.#leftOut.report(path, why);
    try {
      let count = 0;
      const disks = new Map([[this.#root, this.#disk]]);
      for await (const name of listFiles(this.#root, { prefix, after, onLeftOut })) {
        yield { name, stat: () => this.#statListed(name, disks) };
        // The status of a file may be read at once, so nothing else in a list waits.
        if (++count % namesPerTurn === 0) await setImmediate();
      }
    } catch (reason) {
      throw toStorageError(reason, "read");
    }
  }

  /**
   * Returns the version of a file that was just listed; at once, if its disk answers at once. The folders of the file were
   * just listed, so they are not looked at again.
   *
   * @param disks - those of the folders of the listing
   */
  #statListed(name: DatasetName, disks: Map<string, Disk>): MaybeLater<FileVersion | undefined> {
    const folder = dirname(join(this.#root, name));
    const disk = disks.get(folder);
    if (disk !== undefined) return this.#statOn(disk, name);
    return this.#diskOf(folder).then((found) => {
      disks.set(folder, found);
      return this.#statOn(found, name);
    }, unlessMissing);
  }

  #statOn(disk: Disk, name: DatasetName): MaybeLater<FileVersion | undefined> {
    const toVersion = (stats: BigIntStats | undefined): FileVersion | undefined =>
      stats?.isFile() === true ? this.#versions.of(name, stats) : undefined;
    try {
      const stats = disk.find(join(this.#root, name));
      return stats instanceof Promise ? stats.then(toVersion, unlessMissing) : toVersion(stats);
    } catch (reason) {
      return unlessMissing(reason);
    }
  }

  /** Returns the disk of a folder, which may be a mount of another file system. */
  async #diskOf(folder: string): Promise<Disk> {
    const [own, root] = await Promise.all([lstat(folder), lstat(this.#root)]);
    return own.dev === root.dev ? this.#disk : this.#otherDisk;
  }

  async isReachable(): Promise<boolean> {
    try {
      return (await stat(this.#root)).isDirectory();
    } catch {
      return false;
    }
  }

  async stat(name: DatasetName): Promise<FileVersion> {
    return this.#versions.of(name, await statFile(this.#placeOf(name), name));
  }

  async open(name: DatasetName): Promise<StoredFile> {
    const { file, stats } = await openFile(this.#placeOf(name), name);
    return new FolderFile(file, stats, { version: this.#versions.of(name, stats) });
  }

  create(placement: Placement): Promise<Upload> {
    const file = this.#uploads.create();
    return Promise.resolve({
      append: (bytes) => file.append(bytes),
      reopen: () => file.reopen(),
      commit: () => this.#commit(file, placement),
      discard: () => file.discard(),
    });
  }

  async createScratch(): Promise<Scratch> {
    const file = await this.#run("put", () => this.#uploads.createScratch());
    const discard = (): Promise<void> => file.discard();
    return { append: (bytes) => file.append(bytes), reopen: () => file.reopen(discard), discard };
  }

  async assertPlaceable(placement: Placement): Promise<void> {
    await this.#run("put", async () => {
      await this.#assertVersion(placement.name, placement.ifVersion);
      await assertPlaceable(this.#placeOf(placement.name), placement);
    });
  }

  async drop(name: DatasetName, ifVersion?: VersionIds): Promise<void> {
    await this.#locks.run(name, async () => {
      await this.#assertVersion(name, ifVersion);
      await dropFile(this.#placeOf(name), name);
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#tending);
    await this.#uploads.close();
  }

  async #commit(file: UnnamedFile, placement: Placement): Promise<Committed> {
    const { name, mode, ifVersion } = placement;
    const place = this.#placeOf(name);
    const commit = async (): Promise<Committed> => {
      // A failed sync is final: the system may have dropped the unwritten data, and report success the next time.
      await file.sync();
      await this.#assertVersion(name, ifVersion);
      const { isNew } = await placeFile(place, file.path, placement);
      // While the file has two names, its ctime will still change, and with it its version.
      if (mode === "create") await rm(file.path, { force: true });
      // Uses the handle, because the name may already belong to another file.
      const [stats] = await Promise.all([file.stat(), syncFolders(place, name)]);
      file.closeNamed();
      return { version: this.#versions.of(name, stats), isNew };
    };
    return await this.#run("put", () => this.#locks.run(name, commit));
  }

  /** A folder of the folder may be on another disk. */
  #placeOf(name: DatasetName): Place {
    return { root: this.#root, disk: name.includes("/") ? this.#otherDisk : this.#disk };
  }

  async #assertVersion(name: DatasetName, ifVersion: VersionIds | undefined): Promise<void> {
    if (ifVersion !== undefined) assertVersion(name, await this.stat(name), ifVersion);
  }

  async #run<T>(operation: "put" | "read", act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (reason) {
      throw toStorageError(reason, operation);
    }
  }
}

/** A value that is there now, or later. */
type MaybeLater<T> = T | Promise<T>;

/** Returns nothing for a file that is gone. @throws FlightError for any other error of the system */
function unlessMissing(reason: unknown): undefined {
  if (!["ENOENT", "ENOTDIR"].includes(errnoOf(reason) ?? "")) throw toStorageError(reason, "read");
}
