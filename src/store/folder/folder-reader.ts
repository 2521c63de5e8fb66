import { hash } from "node:crypto";
import { missingDataset, nameDatasetIn, type DatasetName } from "../../dataset/index.ts";
import { FlightError, keptFolderFilesMax, listingConcurrencyMax } from "../../flight/index.ts";
import type { FileVersion, Storage } from "../../storage/index.ts";
import type { DatasetReader, DescribedDataset } from "../dataset-reader.ts";
import { factsKey } from "../known-facts.ts";
import { mapInOrder } from "../map-in-order.ts";
import { currentFiles } from "./current-files.ts";
import { describeFolder } from "./describe-folder.ts";
import type { FolderDataset } from "./folder-dataset.ts";
import { listFolder, type FileOfFolder, type FolderCall } from "./list-folder.ts";

/**
 * Finds the datasets that a pattern stands for, and describes them as one. A description is kept: while no file changes,
 * a call lists the files and looks at nothing else.
 */
export class FolderReader {
  readonly #storage: Storage;
  readonly #reader: DatasetReader;
  /** By pattern and version, the most recently used last. */
  readonly #kept = new Map<string, FolderDataset>();
  #keptFileCount = 0;

  constructor(storage: Storage, reader: DatasetReader) {
    this.#storage = storage;
    this.#reader = reader;
  }

  /**
   * Describes the datasets that match a pattern, as far as the caller may read them.
   *
   * @param wanted - the version of a ticket. It is found again if only files behind its last one were added.
   * @throws FlightError NOT_FOUND if none matches; INVALID_ARGUMENT if they cannot be read as one; as
   * `DatasetReader.describe`
   */
  async describe(name: DatasetName, call: FolderCall, wanted?: string): Promise<FolderDataset> {
    try {
      const listed = firstFiles(await listFolder(this.#storage, name, call), wanted);
      const kept = this.#find(keyOf(name, versionOf(listed)));
      if (kept) return kept;
      const described = await this.#describeAll(listed);
      const files = currentFiles(described);
      if (files.length === 0) throw missingDataset(name);
      // A file may have been replaced or dropped since it was listed.
      const folder = describeFolder(name, files, { ...sumVersions(files), id: versionOf(described) });
      this.#keep(folder);
      return folder;
    } catch (reason) {
      throw nameDatasetIn(reason, name);
    }
  }

  async #describeAll(files: readonly FileOfFolder[]): Promise<DescribedDataset[]> {
    const described: DescribedDataset[] = [];
    for await (const file of mapInOrder(toAsync(files), listingConcurrencyMax, (each) => this.#describe(each))) {
      if (file) described.push(file);
    }
    return described;
  }

  async #describe({ name, version }: FileOfFolder): Promise<DescribedDataset | undefined> {
    try {
      return await this.#reader.describe(name, version);
    } catch (reason) {
      if (reason instanceof FlightError && reason.code === "not_found") return undefined;
      throw reason;
    }
  }

  #find(key: string): FolderDataset | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept;
  }

  #keep(folder: FolderDataset): void {
    const key = keyOf(folder.name, folder.version.id);
    if (this.#kept.has(key)) return;
    this.#kept.set(key, folder);
    this.#keptFileCount += folder.files.length;
    for (const [oldest, { files }] of this.#kept) {
      if (this.#keptFileCount <= keptFolderFilesMax) return;
      this.#kept.delete(oldest);
      this.#keptFileCount -= files.length;
    }
  }
}

function keyOf(name: DatasetName, version: string): string {
  return factsKey(name, { id: version });
}

/** Returns the files of a version, if they are the first ones; otherwise all. */
function firstFiles(files: readonly FileOfFolder[], wanted: string | undefined): readonly FileOfFolder[] {
  const count = Number(/^(\d+)x/.exec(wanted ?? "")?.[1] ?? files.length);
  if (count >= files.length) return files;
  const first = files.slice(0, count);
  return versionOf(first) === wanted ? first : files;
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
