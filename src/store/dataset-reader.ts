import { FlightError } from "../flight/index.ts";
import { nameDatasetIn, type DatasetName } from "../dataset/index.ts";
import { JobFailure, readParquetFacts, type ParquetPool } from "../parquet/index.ts";
import type { FileVersion, ListedFile, Storage, StorageLog, StoredFile } from "../storage/index.ts";
import type { FactsEntry } from "./encode-facts.ts";
import { FactsCache } from "./facts-cache.ts";
import { FactsCatalog } from "./facts-catalog.ts";
import { factsKey, ownBytesOf, sharedSchemas, toKnownFacts, type KnownFacts } from "./known-facts.ts";
import type { NewVersion } from "./dataset-writer.ts";
import { factsCacheBytesMax, slowFileRetryMs } from "./limits.ts";
import { SharedBytes } from "./shared-bytes.ts";
import { WrittenSchemas } from "./written-schemas.ts";

/** A dataset as its footer describes it. */
export interface DescribedDataset extends KnownFacts {
  readonly name: DatasetName;
  readonly version: FileVersion;
}

/** A described dataset with an open file. The caller closes the file. */
export interface OpenDataset extends DescribedDataset {
  readonly file: StoredFile;
}

/** The number of datasets whose footers are read at once because they were just put. */
const learningCountMax = 16;

/** Finds datasets in a storage, and caches the footers of their versions. */
export class DatasetReader {
  readonly #storage: Storage;
  readonly #pool: ParquetPool;
  readonly #log: StorageLog;
  readonly #schemas = new SharedBytes();
  readonly #known = new FactsCache<KnownFacts>({
    byteLengthMax: factsCacheBytesMax,
    byteLengthOf: ownBytesOf,
    failureLifeMs,
    shared: sharedSchemas(this.#schemas),
  });
  readonly #catalog: FactsCatalog | undefined;
  readonly #learning = new Set<Promise<void>>();
  readonly #written = new WrittenSchemas();

  constructor(storage: Storage, pool: ParquetPool, log: StorageLog) {
    this.#storage = storage;
    this.#pool = pool;
    this.#log = log;
    const { side } = storage;
    const onLoaded = ({ key, known }: FactsEntry): void => this.#known.put(key, known);
    this.#catalog = side && new FactsCatalog({ storage, side, log, onLoaded });
  }

  /** Writes what others may use. Call it before the storage is closed. */
  async close(): Promise<void> {
    await Promise.all(this.#learning);
    await this.#catalog?.write();
  }

  /**
   * Describes a dataset. If its version is cached, only the status of its file is read.
   *
   * @param listed - the version in a listing; then the status is not read
   * @throws FlightError NOT_FOUND; DATA_LOSS if its file is not valid Parquet; DEADLINE_EXCEEDED or RESOURCE_EXHAUSTED
   * if reading its footer exceeds, or recently exceeded, a limit of jobs; UNAVAILABLE if the disk failed, which is not
   * cached
   */
  async describe(name: DatasetName, listed?: FileVersion): Promise<DescribedDataset> {
    let version: FileVersion;
    let known: KnownFacts | undefined;
    try {
      version = listed ?? (await this.#storage.stat(name));
      known = this.#known.peek(factsKey(name, version));
      if (known === undefined && listed && this.#catalog) {
        await this.#catalog.load();
        known = this.#known.peek(factsKey(name, version));
      }
    } catch (reason) {
      throw nameDatasetIn(reason, name);
    }
    if (known !== undefined) return { name, version, ...known };
    const { file, ...dataset } = await this.open(name);
    await file.close();
    return dataset;
  }

  /**
   * Describes a listed dataset: at once, if its version is cached and its status is there at once. Undefined if its file
   * is gone.
   *
   * @throws FlightError as `describe`
   */
  describeListed(file: ListedFile): DescribedDataset | undefined | Promise<DescribedDataset | undefined> {
    const { name } = file;
    try {
      const version = file.version ?? (file.stat ? file.stat() : this.#storage.stat(name));
      if (version instanceof Promise) return version.then((found) => found && this.describe(name, found));
      if (version === undefined) return undefined;
      const known = this.#known.peek(factsKey(name, version));
      return known ? { name, version, ...known } : this.describe(name, version);
    } catch (reason) {
      throw nameDatasetIn(reason, name);
    }
  }

  /**
   * Describes a dataset and opens its file, so that it does not change during the read. The caller closes the file.
   *
   * @throws FlightError as `describe`
   */
  async open(name: DatasetName): Promise<OpenDataset> {
    let file: StoredFile | undefined;
    try {
      const opened = (file = await this.#storage.open(name));
      const { version } = opened;
      const known = await this.#know(name, opened);
      return { name, file, version, ...known };
    } catch (reason) {
      await file?.close();
      throw nameDatasetIn(reason, name);
    }
  }

  /**
   * Keeps the facts of a version that was just put. The footer of the first file with a schema is read in the
   * background; for the next ones, what the writer knows is enough. Closes the file.
   */
  learn(put: NewVersion): void {
    const known = put.facts ? toKnownFacts(put.facts) : this.#written.find(put);
    if (known) this.#keep(put, known);
    const isFull = this.#learning.size >= learningCountMax;
    const learning = (known || isFull ? put.file?.close() : this.#learn(put)) ?? Promise.resolve();
    const ended = learning.catch(() => {}).finally(() => this.#learning.delete(ended));
    this.#learning.add(ended);
  }

  /** An error is nobody's here: whoever asks for the dataset gets it. */
  async #learn(put: NewVersion): Promise<void> {
    await using stack = new AsyncDisposableStack();
    const file = put.file ?? (await this.#storage.open(put.name));
    stack.defer(() => file.close());
    const known = await this.#know(put.name, file);
    // Another put may have replaced the version before it was opened.
    if (file.version.id === put.version.id) this.#written.add(put, known);
  }

  #keep({ name, version }: Pick<NewVersion, "name" | "version">, known: KnownFacts): void {
    const key = factsKey(name, version);
    this.#known.put(key, known);
    this.#catalog?.add({ key, known });
  }

  async #know(name: DatasetName, file: StoredFile): Promise<KnownFacts> {
    return await this.#known.get(factsKey(name, file.version), () => this.#load(file, name));
  }

  /**
   * Reads a footer. No signal of a call reaches it: others may wait for the same one, and the pool's time limit
   * for a job bounds the wait. That a file cannot be read is reported here, once for a version.
   */
  async #load(file: StoredFile, name: DatasetName): Promise<KnownFacts> {
    try {
      const known = toKnownFacts(await readParquetFacts(this.#pool, file));
      await file.assertUnchanged();
      this.#catalog?.add({ key: factsKey(name, file.version), known });
      return known;
    } catch (reason) {
      await file.assertUnchanged();
      if (isUnreadable(reason)) {
        this.#log.warn({ dataset: name, err: reason }, "dataset cannot be read and is omitted from listings");
      }
      throw reason;
    }
  }
}

function isTrap(cause: unknown): boolean {
  return cause instanceof JobFailure && cause.reason === "trapped";
}

/** Returns how long a failure to read a version is cached, in milliseconds; 0 if it may be temporary. */
function failureLifeMs(reason: unknown): number {
  switch (reason instanceof FlightError ? reason.code : undefined) {
    // The file's own contents are the cause, or, where the worker fell over, most probably are.
    case "data_loss":
      return isTrap((reason as FlightError).cause) ? slowFileRetryMs : Infinity;
    case "unimplemented":
      return Infinity;
    // The file, or what else the server was doing.
    case "resource_exhausted":
    case "deadline_exceeded":
      return slowFileRetryMs;
    default:
      return 0;
  }
}

/** Whether the version of a file cannot be read, of which the reader has warned. */
export function isUnreadable(reason: unknown): boolean {
  return failureLifeMs(reason) > 0;
}
