import { missingDataset, nameDatasetIn, type DatasetName } from "../../dataset/index.ts";
import { FlightError } from "../../flight/index.ts";
import type { ListedFile, Storage } from "../../storage/index.ts";
import type { DatasetReader, DescribedDataset } from "../dataset-reader.ts";
import { factsKey } from "../known-facts.ts";
import { folderListCountMax, keptFolderFilesMax, listingConcurrencyMax } from "../limits.ts";
import { mapInOrder } from "../map-in-order.ts";
import { sortFiles, type ReplacedBy } from "./current-files.ts";
import { describeFolder } from "./describe-folder.ts";
import type { FileInFolder, FolderDataset } from "./folder-dataset.ts";
import { filesOfVersion, versionOf } from "./folder-version.ts";
import type { ReplacedFiles } from "./replaced-files.ts";
import { listFolder, readVersions, type FileOfFolder, type FolderCall } from "./list-folder.ts";

/**
 * How long the columns of files are taken for granted that a read excludes, in milliseconds. Their names are listed for
 * each read, and a put of this server counts at once: only another program that replaces one is noticed so late.
 */
const takenForGrantedMs = 5_000;

/** A description, and what it was made of. */
interface Kept {
  readonly folder: FolderDataset;
  /** All names that were listed when it was last found. */
  names: readonly DatasetName[];
  /** When the versions of all files were read, by `performance.now()`. */
  readMs: number;
}

/** What is asked about a folder. */
export interface FolderRequest {
  /** The version of a ticket. It is found as long as the files are there that matter. */
  readonly version?: string | undefined;
  /** Returns the files that matter for the call, beside the columns of all; all by default. */
  readonly filesOf?: ((folder: FolderDataset) => readonly FileInFolder[]) | undefined;
}

/** The dependencies of a `FolderReader`. */
export interface FolderReaderOptions {
  readonly storage: Storage;
  readonly reader: DatasetReader;
  readonly replaced: ReplacedFiles;
}

/**
 * Finds the datasets that a pattern stands for, and describes them as one. Descriptions are kept: while no file changes, a
 * call lists the files and looks at nothing else, and tickets of earlier versions are read as long as their files exist.
 */
export class FolderReader {
  readonly #storage: Storage;
  readonly #reader: DatasetReader;
  readonly #replaced: ReplacedFiles;
  /** By pattern and version, the most recently used last. */
  readonly #kept = new Map<string, Kept>();
  /** The last description of each pattern. */
  readonly #last = new Map<DatasetName, Kept>();
  #keptFileCount = 0;
  /** When this server last changed a dataset. */
  #changedMs = -Infinity;

  constructor({ storage, reader, replaced }: FolderReaderOptions) {
    this.#storage = storage;
    this.#reader = reader;
    this.#replaced = replaced;
  }

  /** Notes a put of this server. */
  noteChange(): void {
    this.#changedMs = performance.now();
  }

  /**
   * Describes the datasets that match a pattern, as far as the caller may read them.
   *
   * @throws FlightError NOT_FOUND if none matches; INVALID_ARGUMENT if they cannot be read as one; as
   * `DatasetReader.describe`
   */
  async describe(name: DatasetName, call: FolderCall, asked: FolderRequest = {}): Promise<FolderDataset> {
    try {
      for (let listCount = 1; listCount <= folderListCountMax; listCount++) {
        const readMs = performance.now();
        const listed = await listFolder(this.#storage, name, call);
        const folder =
          (await this.#findKept(name, listed, asked)) ??
          (await this.#describe(name, { listed, readMs }, asked.version));
        if (folder) return folder;
      }
      throw new FlightError("aborted", "its files were replaced or dropped again and again while they were looked at");
    } catch (reason) {
      throw nameDatasetIn(reason, name);
    }
  }

  /**
   * Returns a kept description, if the files that matter still have its versions: that of a ticket's version, otherwise
   * the last one, if the names are the same, too.
   */
  async #findKept(
    name: DatasetName,
    listed: readonly ListedFile[],
    { version, filesOf }: FolderRequest,
  ): Promise<FolderDataset | undefined> {
    const folder =
      version === undefined ? filesOf && this.#findLast(name, listed) : this.#findVersion(name, listed, version);
    if (folder === undefined) return undefined;
    const files = new Map((filesOf?.(folder) ?? folder.files).map((file) => [file.name, file.version.id]));
    const now = await readVersions(
      this.#storage,
      listed.filter((file) => files.has(file.name)),
    );
    const isSame = now.length === files.size && now.every((file) => files.get(file.name) === file.version.id);
    return isSame ? folder : undefined;
  }

  #findLast(name: DatasetName, listed: readonly ListedFile[]): FolderDataset | undefined {
    const last = this.#last.get(name);
    if (last === undefined || last.names.length !== listed.length) return undefined;
    const { folder, names, readMs } = last;
    const isRecent = readMs > this.#changedMs && performance.now() - readMs < takenForGrantedMs;
    return isRecent && listed.every((file, i) => file.name === names[i]) ? folder : undefined;
  }

  /** A listing has only files that the caller may read. */
  #findVersion(name: DatasetName, listed: readonly ListedFile[], version: string): FolderDataset | undefined {
    const kept = this.#use(keyOf(name, version));
    const names = new Set(kept && listed.map((file) => file.name));
    return kept?.folder.files.every((file) => names.has(file.name)) ? kept.folder : undefined;
  }

  /** Returns undefined if files are gone, and the rows may be in a file that is not listed yet. */
  async #describe(
    name: DatasetName,
    { listed, readMs }: { readonly listed: readonly ListedFile[]; readonly readMs: number },
    wanted: string | undefined,
  ): Promise<FolderDataset | undefined> {
    const replacedBy: ReplacedBy = (file) => this.#replaced.of(file);
    // Until another server lists a compacted file, it keeps the files that this one replaces: see `FolderCompactor`.
    const isLate = (): boolean => performance.now() - readMs > this.#storage.listedAfterMs;
    const versioned = await readVersions(this.#storage, listed);
    if (versioned.length < listed.length && isLate()) return undefined;
    const sorted = await sortFiles(versioned, replacedBy);
    const wantedFiles = wanted === undefined ? undefined : filesOfVersion(versioned, sorted, wanted);
    const kept = this.#use(keyOf(name, versionOf(wantedFiles ?? sorted.current).id));
    const names = versioned.map((file) => file.name);
    if (kept) return wantedFiles ? kept.folder : this.#setLast(Object.assign(kept, { names, readMs }));
    const asked = wantedFiles ?? versioned;
    const described = await this.#describeAll(asked);
    if (described.length < asked.length && isLate()) return undefined;
    const { current: files } = await sortFiles(described, replacedBy);
    if (files.length === 0) throw missingDataset(name);
    // A file may have been replaced or dropped since it was listed.
    const folder = describeFolder(name, files, versionOf(files));
    const made = this.#keep({ folder, names, readMs });
    return wantedFiles ? folder : this.#setLast(made);
  }

  async #describeAll(files: readonly FileOfFolder[]): Promise<DescribedDataset[]> {
    const described: DescribedDataset[] = [];
    for await (const file of mapInOrder(toAsync(files), listingConcurrencyMax, (each) => this.#describeFile(each))) {
      if (file) described.push(file);
    }
    return described;
  }

  async #describeFile({ name, version }: FileOfFolder): Promise<DescribedDataset | undefined> {
    try {
      return await this.#reader.describe(name, version);
    } catch (reason) {
      if (reason instanceof FlightError && reason.code === "not_found") return undefined;
      throw reason;
    }
  }

  /** Returns a kept description, and makes it the most recently used one. */
  #use(key: string): Kept | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept;
  }

  #setLast(kept: Kept): FolderDataset {
    this.#last.set(kept.folder.name, kept);
    return kept.folder;
  }

  #keep(made: Kept): Kept {
    const { folder } = made;
    const key = keyOf(folder.name, folder.version.id);
    if (this.#kept.has(key)) return made;
    this.#kept.set(key, made);
    this.#keptFileCount += folder.files.length;
    for (const [oldestKey, oldest] of this.#kept) {
      if (this.#keptFileCount <= keptFolderFilesMax) return made;
      this.#kept.delete(oldestKey);
      this.#keptFileCount -= oldest.folder.files.length;
      if (this.#last.get(oldest.folder.name) === oldest) this.#last.delete(oldest.folder.name);
    }
    return made;
  }
}

function keyOf(name: DatasetName, version: string): string {
  return factsKey(name, { id: version });
}

async function* toAsync<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* items;
}
