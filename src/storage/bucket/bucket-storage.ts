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
  SideObjects,
  Storage,
  StoredFile,
  Upload,
  UploadOptions,
  VersionIds,
} from "../storage.ts";
import { assertVersion } from "../version-condition.ts";
import { BucketCatalog } from "./bucket-catalog.ts";
import { parseBucketUrl } from "./bucket-location.ts";
import {
  abandonedMsMin,
  defaultListedWithinMs,
  fillingBytesMax,
  listIntervalMs,
  partsInFlightTotalMax,
  sweepIntervalMs,
} from "./limits.ts";
import { openObject } from "./object-file.ts";
import { ObjectUpload } from "./object-upload.ts";
import { findObject, matching, statObject } from "./object-version.ts";
import { connectBucket, objectOf, type BucketAddress, type Objects } from "./objects.ts";
import { PartMemory } from "./part-memory.ts";
import { PartRoom } from "./part-room.ts";
import { probeConditions } from "./probe-conditions.ts";
import { repeat } from "./repeat.ts";
import { isConditionFailure, isMissing, toBucketError } from "./s3-error.ts";
import { ScratchArea } from "./scratch-area.ts";
import { createSideObjects } from "./side-objects.ts";
import { sweepUploads } from "./sweep-uploads.ts";

/** Options of `openBucketStorage`. */
export interface BucketStorageOptions extends BucketAddress {
  /** The place of the datasets: `s3://bucket` or `s3://bucket/prefix`. */
  readonly url: string;
  /** The log of omitted objects and of removed uploads; no log by default. */
  readonly log?: StorageLog;
  /** The time after which another server's put is listed, in milliseconds; 5 s by default. 0 is 0.1 s. */
  readonly listedWithinMs?: number | undefined;
  /** Whether files have URLs for downloads from the bucket; false by default. */
  readonly givesDownloads?: boolean | undefined;
  /** Called with the number of bytes of each chunk that a read receives, so that a server can collect its garbage. */
  readonly onReceived?: ((byteLength: number) => void) | undefined;
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
export async function openBucketStorage({
  url,
  log = silentLog,
  listedWithinMs = defaultListedWithinMs,
  givesDownloads = false,
  onReceived,
  ...address
}: BucketStorageOptions): Promise<Storage> {
  const objects = { ...(await connectBucket(parseBucketUrl(url), address)), givesDownloads, onReceived };
  try {
    const readOnly = await probeConditions(objects);
    if (readOnly) log.warn({ err: readOnly }, `datasets can only be read: ${readOnly.message}`);
    else await sweep(objects, log);
    return new BucketStorage(objects, { log, readOnly, listedWithinMs });
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

interface OpenedOptions {
  readonly log: StorageLog;
  readonly listedWithinMs: number;
  /** Why nothing may be written. */
  readonly readOnly: FlightError | undefined;
}

class BucketStorage implements Storage {
  readonly side: SideObjects;
  readonly listedAfterMs: number;
  readonly #objects: Objects;
  readonly #catalog: BucketCatalog;
  readonly #readOnly: FlightError | undefined;
  readonly #room = new PartRoom(partsInFlightTotalMax);
  readonly #memory = new PartMemory(fillingBytesMax);
  readonly #scratch = new ScratchArea();
  readonly #sweeping: NodeJS.Timeout | undefined;

  constructor(objects: Objects, { log, readOnly, listedWithinMs }: OpenedOptions) {
    this.#objects = objects;
    this.side = createSideObjects(objects);
    this.listedAfterMs = Math.max(listedWithinMs, listIntervalMs);
    this.#catalog = new BucketCatalog(objects, { leftOut: new LeftOutLog(log), listedWithinMs });
    this.#readOnly = readOnly;
    if (!readOnly) this.#sweeping = setInterval(() => void sweep(objects, log), sweepIntervalMs).unref();
  }

  list(options: ListOptions): AsyncIterable<ListedFile> {
    return this.#catalog.list(options);
  }

  async stat(name: DatasetName): Promise<FileVersion> {
    return await statObject(this.#objects, name);
  }

  async open(name: DatasetName): Promise<StoredFile> {
    return await openObject(this.#objects, name);
  }

  async create(placement: Placement, { isReread = false, onMemory = () => {} }: UploadOptions = {}): Promise<Upload> {
    this.#assertWritable();
    const copy = isReread ? await this.#scratch.create() : undefined;
    const places = { memory: this.#memory, createScratch: () => this.#scratch.create(), onMemory };
    return new ObjectUpload(this.#objects, { placement, room: this.#room, catalog: this.#catalog, places, copy });
  }

  async createScratch(): Promise<Scratch> {
    const file = await this.#scratch.create();
    const discard = (): Promise<void> => file.discard();
    return { append: (bytes) => file.append(bytes), reopen: () => file.reopen(), discard };
  }

  /** A create of a name that this server has not seen needs no request: the commit refuses it. */
  async assertPlaceable({ name, mode, ifVersion }: Placement): Promise<void> {
    this.#assertWritable();
    if (ifVersion === undefined && (mode === "replace" || !this.#catalog.has(name))) return;
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
      if (isMissing(reason)) return this.#catalog.remove(name);
      if (isConditionFailure(reason)) assertVersion(name, await this.stat(name), ifVersion);
      throw toBucketError(reason);
    }
    this.#catalog.remove(name);
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
