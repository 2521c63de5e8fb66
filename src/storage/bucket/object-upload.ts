import { randomUUID } from "node:crypto";
import type { Committed, Placement, Scratch, StoredFile, Upload } from "../storage.ts";
import { commitObject, operationKey, type WriteCondition } from "./commit-object.ts";
import { MultipartUpload, partBytesOf } from "./multipart-upload.ts";
import { objectOf, type Objects } from "./objects.ts";
import { PartBuffer } from "./part-buffer.ts";
import type { PartRoom } from "./part-room.ts";
import { toBucketError } from "./s3-error.ts";

/** Options of an upload to a bucket. */
export interface ObjectUploadOptions {
  readonly placement: Placement;
  /** Limits the concurrent parts of all uploads. */
  readonly room: PartRoom;
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
  #buffer = new PartBuffer(partBytesOf(1));
  #byteLength = 0;
  #isEnded = false;

  constructor(objects: Objects, options: ObjectUploadOptions) {
    this.#objects = objects;
    this.#options = options;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.#options.copy?.append(bytes);
    try {
      for (let taken = 0; taken < bytes.byteLength;) {
        // More bytes follow, so the object needs several parts.
        if (this.#buffer.isFull) await this.#sendPart();
        taken += this.#buffer.take(bytes.subarray(taken));
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
    const committed = await commitObject(this.#objects, {
      placement: this.#options.placement,
      byteLength: this.#byteLength,
      operationId: this.#operationId,
      write: await this.#prepareWrite(),
    });
    await this.#end();
    return committed;
  }

  async discard(): Promise<void> {
    if (this.#isEnded) return;
    await this.#end();
    await this.#parts?.abort();
  }

  async #end(): Promise<void> {
    this.#isEnded = true;
    this.#buffer = new PartBuffer(0);
    await this.#options.copy?.discard();
  }

  async #sendPart(): Promise<void> {
    const { placement, room } = this.#options;
    const metadata = { [operationKey]: this.#operationId };
    this.#parts ??= await MultipartUpload.start(this.#objects, placement.name, { room, metadata });
    const { bytes } = this.#buffer;
    this.#buffer = new PartBuffer(partBytesOf(++this.#partNumber));
    await this.#parts.send(bytes);
  }

  /** Sends the last part. Returns a function that sends the request which creates the object. */
  async #prepareWrite() {
    const { s3 } = this.#objects;
    const object = objectOf(this.#objects, this.#options.placement.name);
    if (this.#parts === undefined) {
      const whole = { ...object, Body: this.#buffer.bytes, Metadata: { [operationKey]: this.#operationId } };
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
