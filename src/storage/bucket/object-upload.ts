import { randomUUID } from "node:crypto";
import { datasetExists } from "../../dataset/index.ts";
import type { Committed, Placement, Scratch, StoredFile, Upload } from "../storage.ts";
import type { BucketCatalog } from "./bucket-catalog.ts";
import { commitObject, operationKey, type WriteCondition } from "./commit-object.ts";
import { openingBytesRead } from "./limits.ts";
import { MultipartUpload, partBytesOf } from "./multipart-upload.ts";
import { ObjectFile } from "./object-file.ts";
import { findObject } from "./object-version.ts";
import { objectOf, type Objects } from "./objects.ts";
import { PartBuffer, type PartPlaces } from "./part-buffer.ts";
import type { PartRoom } from "./part-room.ts";
import { toBucketError } from "./s3-error.ts";

/** Options of an upload to a bucket. */
export interface ObjectUploadOptions {
  readonly placement: Placement;
  /** Knows which names exist, and is told of the new version. */
  readonly catalog: BucketCatalog;
  /** Limits the concurrent parts of all uploads. */
  readonly room: PartRoom;
  /** The places of the parts. */
  readonly places: PartPlaces;
  /** A local copy of the bytes, if the upload will be reopened. */
  readonly copy?: Scratch | undefined;
}

/** An upload to a bucket. A small object is sent in one request, a larger one in parts while more bytes arrive. */
export class ObjectUpload implements Upload {
  readonly #objects: Objects;
  readonly #options: ObjectUploadOptions;
  readonly #operationId = randomUUID();
  #parts: MultipartUpload | undefined;
  #partNumber = 1;
  #buffer: PartBuffer;
  #byteLength = 0;
  /** The last bytes, from the commit on. */
  #tail = new Uint8Array();
  #isEnded = false;

  constructor(objects: Objects, options: ObjectUploadOptions) {
    this.#objects = objects;
    this.#options = options;
    this.#buffer = new PartBuffer(partBytesOf(1), options.places);
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#options.copy?.append(bytes);
    try {
      for (let taken = 0; taken < bytes.byteLength;) {
        // More bytes follow, so the object needs several parts.
        if (this.#buffer.isFull) await this.#sendPart();
        taken += await this.#buffer.take(bytes.subarray(taken));
      }
    } catch (reason) {
      throw toBucketError(reason);
    }
    this.#byteLength += bytes.byteLength;
  }

  async reopen(): Promise<StoredFile> {
    if (this.#options.copy === undefined) throw new Error("the upload was not created to be reopened");
    return await this.#options.copy.reopen();
  }

  async commit(): Promise<Committed> {
    const { placement, catalog } = this.#options;
    const { name } = placement;
    const committed = await commitObject(this.#objects, {
      placement,
      byteLength: this.#byteLength,
      isSeen: catalog.has(name),
      isRepeatable: this.#parts === undefined,
      operationId: this.#operationId,
      write: await this.#prepareWrite(),
    });
    const { version } = committed;
    catalog.put({ name, version });
    await this.#end();
    return { ...committed, file: new ObjectFile(this.#objects, name, { version, tail: this.#tail }) };
  }

  async discard(): Promise<void> {
    if (this.#isEnded) return;
    await this.#end();
    await this.#parts?.abort();
  }

  async #end(): Promise<void> {
    this.#isEnded = true;
    await this.#buffer.release();
    await this.#options.copy?.discard();
  }

  async #sendPart(): Promise<void> {
    const { placement, room } = this.#options;
    const metadata = { [operationKey]: this.#operationId };
    if (this.#parts === undefined && placement.mode === "create") await this.#assertNew();
    this.#parts ??= await MultipartUpload.start(this.#objects, placement.name, { room, metadata });
    const full = this.#buffer;
    this.#buffer = new PartBuffer(partBytesOf(++this.#partNumber), this.#options.places);
    await this.#parts.send(full);
  }

  /** Refuses a large create before most of its bytes are sent. */
  async #assertNew(): Promise<void> {
    const { name } = this.#options.placement;
    if (await findObject(this.#objects, name)) throw datasetExists(name);
  }

  /** Sends the last part. Returns a function that sends the request which creates the object. */
  async #prepareWrite() {
    const { s3 } = this.#objects;
    const object = objectOf(this.#objects, this.#options.placement.name);
    const bytes = await this.#buffer.read();
    this.#tail = bytes.slice(-openingBytesRead);
    if (this.#parts === undefined) {
      const whole = { ...object, Body: bytes, Metadata: { [operationKey]: this.#operationId } };
      return (condition: WriteCondition) => s3.putObject({ ...whole, ...condition });
    }
    try {
      await this.#sendPart();
      const completion = { ...object, ...(await this.#parts.finish()) };
      return (condition: WriteCondition) => s3.completeMultipartUpload({ ...completion, ...condition });
    } catch (reason) {
      throw toBucketError(reason);
    }
  }
}
