import { missingDataset, type DatasetName } from "../../dataset/index.ts";
import { FlightError } from "../../flight/index.ts";
import type { DownloadHeaders, FileVersion, ReadBytesOptions, StoredFile } from "../storage.ts";
import { openingBytesRead } from "./limits.ts";
import { createDownloadUrl } from "./download-url.ts";
import { matching, statObject, toVersion } from "./object-version.ts";
import { objectOf, type Objects } from "./objects.ts";
import { readBody } from "./read-body.ts";
import { repeat } from "./repeat.ts";
import { isConditionFailure, isMissing, statusOf, toBucketError } from "./s3-error.ts";

/** The end of an object, and its version. */
interface Opened {
  readonly version: FileVersion;
  readonly tail: Uint8Array;
}

/** Opens the current version of an object, in one request that also reads its end. @throws FlightError NOT_FOUND */
export async function openObject(objects: Objects, name: DatasetName): Promise<StoredFile> {
  try {
    return new ObjectFile(objects, name, await repeat(() => readTail(objects, name)));
  } catch (reason) {
    if (isMissing(reason)) throw missingDataset(name);
    // An empty object has no last byte.
    if (statusOf(reason) !== 416) throw toBucketError(reason);
    return new ObjectFile(objects, name, { version: await statObject(objects, name), tail: new Uint8Array() });
  }
}

async function readTail({ s3, ...objects }: Objects, name: DatasetName): Promise<Opened> {
  const Range = `bytes=-${openingBytesRead}`;
  const answer = await s3.getObject({ ...objectOf({ s3, ...objects }, name), Range });
  // Some servers answer an empty object instead of refusing the range; MinIO with the range `bytes 0--1/0`.
  if (answer.ContentLength === 0 && [undefined, "bytes 0--1/0"].includes(answer.ContentRange))
    return { version: toVersion(answer, 0), tail: new Uint8Array() };
  const [first, last, byteLength] = parseContentRange(answer.ContentRange);
  if (last + 1 !== byteLength || last - first >= openingBytesRead) throw ignoredRange();
  const tail = new Uint8Array(byteLength - first);
  assertWhole(await readBody(answer.Body, tail), tail.byteLength);
  return { version: toVersion(answer, byteLength), tail };
}

/** Parses `bytes FIRST-LAST/TOTAL`. @throws FlightError if the bucket did not send a range */
function parseContentRange(text: string | undefined): [first: number, last: number, byteLength: number] {
  const [, first, last, byteLength] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(text ?? "") ?? [];
  if (byteLength === undefined) throw ignoredRange();
  return [Number(first), Number(last), Number(byteLength)];
}

function ignoredRange(): FlightError {
  return new FlightError("internal", "the server's bucket sent other bytes than were requested");
}

/** A body that ends early without an error was truncated. */
function assertWhole(byteLength: number, expected: number): void {
  if (byteLength !== expected) throw Object.assign(new Error("the answer is too short"), { code: "ECONNRESET" });
}

/** An object that is open for reading. Each request requires the opened version. */
export class ObjectFile implements StoredFile {
  readonly version: FileVersion;
  readonly createDownloadUrl?: (headers: DownloadHeaders) => Promise<string>;
  readonly #objects: Objects;
  readonly #name: DatasetName;
  readonly #tail: Uint8Array;
  /** Cancels all reads when the file is closed. */
  readonly #closing = new AbortController();

  /** @param opened - its `tail` may have any length */
  constructor(objects: Objects, name: DatasetName, { version, tail }: Opened) {
    this.#objects = objects;
    this.#name = name;
    this.version = version;
    this.#tail = tail;
    if (objects.givesDownloads === true) {
      const create: typeof this.createDownloadUrl = (headers) => createDownloadUrl(objects, name, headers);
      this.createDownloadUrl = create;
    }
  }

  async read(start: number, end: number, { into, signal }: ReadBytesOptions = {}): Promise<Uint8Array> {
    signal?.throwIfAborted();
    const bytes = into?.subarray(0, end - start) ?? new Uint8Array(end - start);
    const tailStart = this.version.byteLength - this.#tail.byteLength;
    if (start >= tailStart) {
      bytes.set(this.#tail.subarray(start - tailStart, end - tailStart));
      return bytes;
    }
    const ending = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    try {
      await this.#readRange(start, bytes, ending);
      return bytes;
    } catch (reason) {
      if (isConditionFailure(reason) || isMissing(reason)) throw gone(reason);
      throw toBucketError(reason);
    }
  }

  /** Reads a range. After a truncated answer, it continues after the last byte. */
  async #readRange(start: number, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    let filled = 0;
    await repeat(
      async () => {
        const rest = bytes.subarray(filled);
        if (rest.byteLength === 0) return;
        const first = start + filled;
        const wanted = {
          ...objectOf(this.#objects, this.#name),
          ...matching(this.version.id),
          Range: `bytes=${first}-${first + rest.byteLength - 1}`,
        };
        const answer = await this.#objects.s3.getObject(wanted, { abortSignal: signal });
        if (parseContentRange(answer.ContentRange)[0] !== first) throw ignoredRange();
        const onBytes = (byteLength: number): void => {
          filled += byteLength;
          this.#objects.onReceived?.(byteLength);
        };
        assertWhole(await readBody(answer.Body, rest, { signal, onBytes }), rest.byteLength);
      },
      { signal },
    );
  }

  async assertUnchanged(): Promise<void> {}

  async close(): Promise<void> {
    this.#closing.abort();
  }
}

function gone(reason: unknown): FlightError {
  return new FlightError("aborted", "it was replaced or dropped while it was read", { cause: reason });
}
