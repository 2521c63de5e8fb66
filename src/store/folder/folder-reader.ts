import { hash } from "node:crypto";
import { missingDataset, nameDatasetIn, type DatasetName } from "../../dataset/index.ts";
import { FlightError } from "../../flight/index.ts";
import type { FileVersion, ListedFile, Storage } from "../../storage/index.ts";
import type { DatasetReader, DescribedDataset } from "../dataset-reader.ts";
import { factsKey } from "../known-facts.ts";
import { keptFolderFilesMax, listingConcurrencyMax } from "../limits.ts";
import { mapInOrder } from "../map-in-order.ts";
import { sortFiles } from "./current-files.ts";
import { describeFolder } from "./describe-folder.ts";
import type { FileInFolder, FolderDataset } from "./folder-dataset.ts";
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
  /** All names that were listed. */
  readonly names: readonly DatasetName[];
  /** When the versions of all files were read, by `performance.now()`. */
  readMs: number;
}

/** What is asked about a folder. */
export interface FolderRequest {
  /** The version of a ticket. It is found again if only files were added: see `filesOfVersion`. */
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
 * Finds the datasets that a pattern stands for, and describes them as one. A description is kept: while no file changes,
 * a call lists the files and looks at nothing else.
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
      const listed = await listFolder(this.#storage, name, call);
      return (await this.#findLast(name, listed, asked)) ?? (await this.#describe(name, listed, asked.version));
    } catch (reason) {
      throw nameDatasetIn(reason, name);
    }
  }

  /** Returns the last description, if it is of the same names, and of the same versions of the files that matter. */
  async #findLast(
    name: DatasetName,
    listed: readonly ListedFile[],
    { version, filesOf }: FolderRequest,
  ): Promise<FolderDataset | undefined> {
    const last = this.#last.get(name);
    if (last === undefined || filesOf === undefined || last.names.length !== listed.length) return undefined;
    const { folder, names, readMs } = last;
    const isRecent = readMs > this.#changedMs && performance.now() - readMs < takenForGrantedMs;
    const isMeant = version === undefined || version === folder.version.id;
    if (!isRecent || !isMeant || listed.some((file, i) => file.name !== names[i])) return undefined;
    const files = new Map(filesOf(folder).map((file) => [file.name, file.version.id]));
    const now = await readVersions(
      this.#storage,
      listed.filter((file) => files.has(file.name)),
    );
    const isSame = now.length === files.size && now.every((file) => files.get(file.name) === file.version.id);
    return isSame ? folder : undefined;
  }

  async #describe(
    name: DatasetName,
    listed: readonly ListedFile[],
    wanted: string | undefined,
  ): Promise<FolderDataset> {
    const readMs = performance.now();
    const versioned = filesOfVersion(await readVersions(this.#storage, listed), wanted);
    const kept = this.#find(keyOf(name, versionOf(versioned)), readMs);
    if (kept) return kept;
    const described = await this.#describeAll(versioned);
    const { current: files } = await sortFiles(described, (file) => this.#replaced.of(file));
    if (files.length === 0) throw missingDataset(name);
    // A file may have been replaced or dropped since it was listed.
    const folder = describeFolder(name, files, { ...sumVersions(files), id: versionOf(described) });
    this.#keep({ folder, names: described.map((file) => file.name), readMs });
    return folder;
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

  #find(key: string, readMs: number): FolderDataset | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    kept.readMs = readMs;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    this.#last.set(kept.folder.name, kept);
    return kept.folder;
  }

  #keep(made: Kept): void {
    const { folder } = made;
    const key = keyOf(folder.name, folder.version.id);
    if (this.#kept.has(key)) return;
    this.#kept.set(key, made);
    this.#last.set(folder.name, made);
    this.#keptFileCount += folder.files.length;
    for (const [oldestKey, oldest] of this.#kept) {
      if (this.#keptFileCount <= keptFolderFilesMax) return;
      this.#kept.delete(oldestKey);
      this.#keptFileCount -= oldest.folder.files.length;
      if (this.#last.get(oldest.folder.name) === oldest) this.#last.delete(oldest.folder.name);
    }
  }
}

function keyOf(name: DatasetName, version: string): string {
  return factsKey(name, { id: version });
}

/**
 * Returns the files of a version, if they are the first ones by their names or by the times of their changes; otherwise
 * all. Only the order is guessed: the version has a digest of its files.
 */
function filesOfVersion(files: readonly FileOfFolder[], wanted: string | undefined): readonly FileOfFolder[] {
  const count = Number(/^(\d+)x/.exec(wanted ?? "")?.[1] ?? files.length);
  if (count >= files.length) return files;
  const first = files.slice(0, count);
  if (versionOf(first) === wanted) return first;
  const oldest = new Set(files.toSorted(byChange).slice(0, count));
  const old = files.filter((file) => oldest.has(file));
  return versionOf(old) === wanted ? old : files;
}

function byChange({ version: a }: FileOfFolder, { version: b }: FileOfFolder): number {
  return a.changed.getTime() - b.changed.getTime();
}

/** Returns the id of the version of all files together: their number and a digest. */
function versionOf(files: readonly FileOfFolder[]): string {
  const digest = hash("sha256", files.map(({ name, version }) => factsKey(name, version)).join("\n"));
  return `${files.length}x${digest.slice(0, 32)}`;
}

function sumVersions(files: readonly FileOfFolder[]): Omit<FileVersion, "id"> {
  const byteLength = files.reduce((sum, { version }) => sum + version.byteLength, 0);
  const changed = files.reduce((last, { version }) => Math.max(last, version.changed.getTime()), 0);
  return { byteLength, changed: new Date(changed) };
}

async function* toAsync<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* items;
}
