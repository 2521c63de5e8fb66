import type { DatasetName } from "../../dataset/index.ts";
import { FlightError } from "../../flight/index.ts";
import { partBytesMax, partBytesMin, partCountMax, partsInFlightMax, partsOfOneSize } from "./limits.ts";
import { objectOf, type Objects } from "./objects.ts";
import type { PartRoom } from "./part-room.ts";
import { repeat } from "./repeat.ts";

/** What S3 needs to know of a sent part. */
interface SentPart {
  readonly ETag: string | undefined;
  readonly PartNumber: number;
}

/** A multipart upload of S3, as the completion names it. */
export interface SentParts {
  readonly UploadId: string;
  readonly MultipartUpload: { readonly Parts: SentPart[] };
}

/** Returns the length of a part in bytes. @param partNumber - from 1 */
export function partBytesOf(partNumber: number): number {
  return Math.min(partBytesMax, partBytesMin * 2 ** Math.floor((partNumber - 1) / partsOfOneSize));
}

/** An object that is sent in parts, several at a time, while more of it arrives. */
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

  /** @param metadata - of the object */
  static async start(
    objects: Objects,
    name: DatasetName,
    { room, metadata }: { room: PartRoom; metadata: Record<string, string> },
  ): Promise<MultipartUpload> {
    const wanted = { ...objectOf(objects, name), Metadata: metadata };
    // A start whose answer is lost leaves an upload without parts, which the sweep removes.
    const { UploadId } = await repeat(() => objects.s3.createMultipartUpload(wanted));
    if (UploadId === undefined) throw new FlightError("internal", "the server's bucket began no upload");
    return new MultipartUpload(objects, name, room, UploadId);
  }

  /**
   * Sends a part. Waits while too many are under way.
   *
   * @param bytes - must not change any more
   * @throws what an earlier part failed with
   */
  async send(bytes: Uint8Array): Promise<void> {
    if (this.#count === partCountMax) {
      throw new FlightError("resource_exhausted", `an object in a bucket has at most ${partCountMax} parts`);
    }
    const partNumber = ++this.#count;
    const sending = this.#room
      .run(() => this.#sendPart(partNumber, bytes))
      .catch((reason: unknown) => void (this.#failure ??= reason))
      .finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
    while (this.#sending.size >= partsInFlightMax && this.#failure === undefined) await Promise.race(this.#sending);
    this.#throwFailure();
  }

  /** Waits for all parts. Returns what completes the upload. @throws what a part failed with */
  async finish(): Promise<SentParts> {
    await Promise.all(this.#sending);
    this.#throwFailure();
    const parts = this.#parts.toSorted((a, b) => a.PartNumber - b.PartNumber);
    return { UploadId: this.#uploadId, MultipartUpload: { Parts: parts } };
  }

  /** Ends what is under way and removes the parts. */
  async abort(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#sending);
    const upload = { ...objectOf(this.#objects, this.#name), UploadId: this.#uploadId };
    // The sweep removes what cannot be removed now.
    await repeat(() => this.#objects.s3.abortMultipartUpload(upload), { limitMs: 0 }).catch(() => {});
  }

  async #sendPart(PartNumber: number, Body: Uint8Array): Promise<void> {
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
