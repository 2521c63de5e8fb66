import type { DatasetName } from "../../dataset/index.ts";
import { FlightError } from "../../flight/index.ts";
import { partBytesMax, partBytesMin, partCountMax, partsInFlightMax, partsOfOneSize } from "./limits.ts";
import { objectOf, type Objects } from "./objects.ts";
import type { PartBuffer } from "./part-buffer.ts";
import type { PartRoom } from "./part-room.ts";
import { repeat } from "./repeat.ts";

/** S3's identification of a sent part. */
interface SentPart {
  readonly ETag: string | undefined;
  readonly PartNumber: number;
}

/** The parameters that complete a multipart upload. */
export interface SentParts {
  readonly UploadId: string;
  readonly MultipartUpload: { readonly Parts: SentPart[] };
}

/** Returns the length of a part in bytes. @param partNumber - starts at 1 */
export function partBytesOf(partNumber: number): number {
  return Math.min(partBytesMax, partBytesMin * 2 ** Math.floor((partNumber - 1) / partsOfOneSize));
}

/** An object that is sent in several parts at a time while more of it arrives. */
export class MultipartUpload {
  readonly #objects: Objects;
  readonly #name: DatasetName;
  readonly #room: PartRoom;
  readonly #uploadId: string;
  readonly #sending = new Set<Promise<void>>();
  readonly #ending = new AbortController();
  readonly #parts: SentPart[] = [];
  #count = 0;
  #failure: unknown;

  private constructor(objects: Objects, name: DatasetName, room: PartRoom, uploadId: string) {
    this.#objects = objects;
    this.#name = name;
    this.#room = room;
    this.#uploadId = uploadId;
  }

  /** @param metadata - the metadata of the object */
  static async start(
    objects: Objects,
    name: DatasetName,
    { room, metadata }: { room: PartRoom; metadata: Record<string, string> },
  ): Promise<MultipartUpload> {
    const wanted = { ...objectOf(objects, name), Metadata: metadata };
    // If the answer is lost, an upload without parts remains, which the sweep removes.
    const { UploadId } = await repeat(() => objects.s3.createMultipartUpload(wanted));
    if (UploadId === undefined) throw new FlightError("internal", "the server's bucket began no upload");
    return new MultipartUpload(objects, name, room, UploadId);
  }

  /**
   * Sends a part. Waits while too many parts are being sent.
   *
   * @param part - released after it was sent
   * @throws the error of an earlier part
   */
  async send(part: PartBuffer): Promise<void> {
    if (this.#count === partCountMax) {
      await part.release();
      throw new FlightError("resource_exhausted", `an object in a bucket has at most ${partCountMax} parts`);
    }
    const partNumber = ++this.#count;
    const sending = this.#room
      .run(async () => await this.#sendPart(partNumber, part))
      .catch((reason: unknown) => void (this.#failure ??= reason))
      .finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
    while (this.#sending.size >= partsInFlightMax && this.#failure === undefined) await Promise.race(this.#sending);
    this.#throwFailure();
  }

  /** Waits for all parts. Returns the parameters that complete the upload. @throws the error of a part */
  async finish(): Promise<SentParts> {
    await Promise.all(this.#sending);
    this.#throwFailure();
    const parts = this.#parts.toSorted((a, b) => a.PartNumber - b.PartNumber);
    return { UploadId: this.#uploadId, MultipartUpload: { Parts: parts } };
  }

  /** Cancels the parts that are being sent, and removes the upload. */
  async abort(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#sending);
    const upload = { ...objectOf(this.#objects, this.#name), UploadId: this.#uploadId };
    // If the removal fails, the sweep removes the upload later.
    await repeat(() => this.#objects.s3.abortMultipartUpload(upload), { limitMs: 0 }).catch(() => {});
  }

  async #sendPart(PartNumber: number, buffer: PartBuffer): Promise<void> {
    try {
      await this.#sendBytes(PartNumber, await buffer.read());
    } finally {
      await buffer.release();
    }
  }

  async #sendBytes(PartNumber: number, Body: Uint8Array): Promise<void> {
    const { signal } = this.#ending;
    const part = { ...objectOf(this.#objects, this.#name), UploadId: this.#uploadId, PartNumber, Body };
    const send = () => this.#objects.s3.uploadPart(part, { abortSignal: signal });
    const { ETag } = await repeat(send, { signal });
    this.#parts.push({ ETag, PartNumber });
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
