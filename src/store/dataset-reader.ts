import { decodeSchema } from "../arrow/index.ts";
import { factsCacheBytesMax, FlightError, slowFileRetryMs } from "../flight/index.ts";
import { nameDatasetIn, type DatasetName } from "../dataset/index.ts";
import { JobFailure, readParquetFacts, type ParquetFacts, type ParquetPool } from "../parquet/index.ts";
import { type FileVersion, type Storage, type StorageLog, type StoredFile } from "../storage/index.ts";
import { FactsCache } from "./facts-cache.ts";

/** A dataset as its footer describes it. */
export interface DescribedDataset {
  readonly name: DatasetName;
  readonly version: FileVersion;
  readonly facts: ParquetFacts;
  /** Columns at the top level. */
  readonly columnCount: number;
}

/** A dataset that is described and held open. Whoever opened it closes its file. */
export interface OpenDataset extends DescribedDataset {
  readonly file: StoredFile;
}

/** What is kept of a version of a file. */
type KnownFacts = Pick<DescribedDataset, "facts" | "columnCount">;

/** Finds datasets in a storage, and remembers what the footers of their versions say. */
export class DatasetReader {
  readonly #storage: Storage;
  readonly #pool: ParquetPool;
  readonly #log: StorageLog;
  readonly #known = new FactsCache<KnownFacts>({
    byteLengthMax: factsCacheBytesMax,
    byteLengthOf: ({ facts }) => facts.heldBytes,
    failureLifeMs,
  });

  constructor(storage: Storage, pool: ParquetPool, log: StorageLog) {
    this.#storage = storage;
    this.#pool = pool;
    this.#log = log;
  }

  /**
   * Describes a dataset. One whose version is known costs a look at its file's status, and is not opened.
   *
   * @param listed - the version that a listing has told, which needs no look
   *
   * @throws FlightError NOT_FOUND; DATA_LOSS where its file is no sound Parquet file; DEADLINE_EXCEEDED or
   * RESOURCE_EXHAUSTED where its footer takes, or a while ago took, longer to read than a job may, or more memory;
   * UNAVAILABLE where the disk failed, which is not remembered
   */
  async describe(name: DatasetName, listed?: FileVersion): Promise<DescribedDataset> {
    let version: FileVersion;
    let known: KnownFacts | undefined;
    try {
      version = listed ?? (await this.#storage.stat(name));
      known = this.#known.peek(version.id);
    } catch (reason) {
      throw nameDatasetIn(reason, name);
    }
    if (known !== undefined) return { name, version, ...known };
    const { file, ...dataset } = await this.open(name);
    await file.close();
    return dataset;
  }

  /**
   * Describes a dataset and holds its file open, so that it stays what it is while it is read. The caller
   * closes the file.
   *
   * @throws FlightError as `describe`
   */
  async open(name: DatasetName): Promise<OpenDataset> {
    let file: StoredFile | undefined;
    try {
      const opened = (file = await this.#storage.open(name));
      const { version } = opened;
      const known = await this.#known.get(version.id, () => this.#load(opened, name));
      return { name, file, version, ...known };
    } catch (reason) {
      await file?.close();
      throw nameDatasetIn(reason, name);
    }
  }

  /**
   * Reads a footer. No signal of a call reaches it: others may wait for the same one, and the pool's time limit
   * for a job bounds the wait. That a file cannot be read is reported here, once for a version.
   */
  async #load(file: StoredFile, name: DatasetName): Promise<KnownFacts> {
    try {
      const facts = await readParquetFacts(this.#pool, file);
      await file.assertUnchanged();
      return { facts, columnCount: decodeSchema(facts.schemaHeader).fields.length };
    } catch (reason) {
      await file.assertUnchanged();
      if (isUnreadable(reason)) {
        this.#log.warn({ dataset: name, err: reason }, "dataset cannot be read and is left out of listings");
      }
      throw reason;
    }
  }
}

function isTrap(cause: unknown): boolean {
  return cause instanceof JobFailure && cause.reason === "trapped";
}

/** For how long reading a version would end like this again, in milliseconds; 0 where that is not known. */
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
