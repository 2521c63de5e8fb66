import { datasetExists, missingDataset, type DatasetName } from "../../dataset/index.ts";
import type { FlightError } from "../../flight/index.ts";
import { LeftOutLog } from "../left-out-log.ts";
import { silentLog, type StorageLog } from "../storage-log.ts";
import type {
  FileVersion,
  ListedFile,
  ListOptions,
  Placement,
  Scratch,
  Storage,
  StoredFile,
  Upload,
  UploadOptions,
  VersionIds,
} from "../storage.ts";
import { assertVersion } from "../version-condition.ts";
import { parseBucketUrl } from "./bucket-location.ts";
import { abandonedMsMin, partsInFlightTotalMax, sweepIntervalMs } from "./limits.ts";
import { listObjects } from "./list-objects.ts";
import { openObject } from "./object-file.ts";
import { ObjectUpload } from "./object-upload.ts";
import { findObject, matching, statObject } from "./object-version.ts";
import { connectBucket, objectOf, type BucketAddress, type Objects } from "./objects.ts";
import { PartRoom } from "./part-room.ts";
import { probeConditions } from "./probe-conditions.ts";
import { repeat } from "./repeat.ts";
import { isConditionFailure, isMissing, toBucketError } from "./s3-error.ts";
import { ScratchArea } from "./scratch-area.ts";
import { sweepUploads } from "./sweep-uploads.ts";

/** Options of `openBucketStorage`. */
export interface BucketStorageOptions extends BucketAddress {
  /** The place of the datasets: `s3://bucket` or `s3://bucket/prefix`. */
  readonly url: string;
  /** The log of omitted objects and of removed uploads; no log by default. */
  readonly log?: StorageLog;
}

/**
 * Opens a place in an S3 bucket as a storage. The object `prefix/a/b.parquet` has the name `a/b.parquet`.
 *
 * Several storages, in several processes, may use the same place, and other programs may write objects. Credentials
 * come from the AWS chain. A bucket that does not honour conditional writes can only be read. Multipart uploads that
 * were begun more than a day ago are removed at the start and every hour.
 *
 * @throws FlightError UNAVAILABLE if the bucket does not answer
 */
export async function openBucketStorage({ url, log = silentLog, ...address }: BucketStorageOptions): Promise<Storage> {
  const objects = await connectBucket(parseBucketUrl(url), address);
  try {
    const readOnly = await probeConditions(objects);
    if (readOnly) log.warn({ err: readOnly }, `datasets can only be read: ${readOnly.message}`);
    else await sweep(objects, log);
    return new BucketStorage(objects, { log, readOnly });
  } catch (reason) {
    objects.s3.destroy();
    throw reason;
  }
}

async function sweep(objects: Objects, log: StorageLog): Promise<void> {
  try {
    const removedCount = await sweepUploads(objects, new Date(Date.now() - abandonedMsMin));
    if (removedCount > 0) log.info({ removedCount }, "removed abandoned multipart uploads");
  } catch (reason) {
    log.warn({ err: reason }, "abandoned multipart uploads cannot be removed");
  }
}

class BucketStorage implements Storage {
  readonly #objects: Objects;
  readonly #leftOut: LeftOutLog;
  readonly #readOnly: FlightError | undefined;
  readonly #room = new PartRoom(partsInFlightTotalMax);
  readonly #scratch = new ScratchArea();
  readonly #sweeping: NodeJS.Timeout | undefined;

  constructor(objects: Objects, { log, readOnly }: { log: StorageLog; readOnly: FlightError | undefined }) {
    this.#objects = objects;
    this.#leftOut = new LeftOutLog(log);
    this.#readOnly = readOnly;
    if (!readOnly) this.#sweeping = setInterval(() => void sweep(objects, log), sweepIntervalMs).unref();
  }

  list(options: ListOptions): AsyncIterable<ListedFile> {
    return listObjects(this.#objects, options, this.#leftOut);
  }

  async stat(name: DatasetName): Promise<FileVersion> {
    return await statObject(this.#objects, name);
  }

  async open(name: DatasetName): Promise<StoredFile> {
    return await openObject(this.#objects, name);
  }

  async create(placement: Placement, { isReread = false }: UploadOptions = {}): Promise<Upload> {
    this.#assertWritable();
    const copy = isReread ? await this.#scratch.create() : undefined;
    return new ObjectUpload(this.#objects, { placement, room: this.#room, copy });
  }

  async createScratch(): Promise<Scratch> {
    const file = await this.#scratch.create();
    const discard = (): Promise<void> => file.discard();
    return { append: (bytes) => file.append(bytes), reopen: () => file.reopen(), discard };
  }

  async assertPlaceable({ name, mode, ifVersion }: Placement): Promise<void> {
    this.#assertWritable();
    if (mode === "replace" && ifVersion === undefined) return;
    const found = await findObject(this.#objects, name);
    if (ifVersion !== undefined) {
      if (found === undefined) throw missingDataset(name);
      assertVersion(name, found.version, ifVersion);
    }
    if (mode === "create" && found) throw datasetExists(name);
  }

  /**
   * The delete request also states the required version, because another server may replace the dataset between the
   * requests.
   */
  async drop(name: DatasetName, ifVersion?: VersionIds): Promise<void> {
    this.#assertWritable();
    const version = await this.stat(name);
    assertVersion(name, version, ifVersion);
    const condition = ifVersion === undefined || ifVersion === "*" ? {} : matching(version.id);
    try {
      await repeat(() => this.#objects.s3.deleteObject({ ...objectOf(this.#objects, name), ...condition }));
    } catch (reason) {
      // It is already deleted: by an attempt whose answer was lost, or by another server.
      if (isMissing(reason)) return;
      if (isConditionFailure(reason)) assertVersion(name, await this.stat(name), ifVersion);
      throw toBucketError(reason);
    }
  }

  async isReachable(signal: AbortSignal): Promise<boolean> {
    const { s3, location } = this.#objects;
    return await s3.headBucket({ Bucket: location.bucket }, { abortSignal: signal }).then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping);
    await this.#scratch.close();
    this.#objects.s3.destroy();
  }

  #assertWritable(): void {
    if (this.#readOnly) throw this.#readOnly;
  }
}
