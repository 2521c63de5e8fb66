import { setImmediate } from "node:timers/promises";
import type { FileVersion, ReadBytesOptions, StoredFile } from "../../../src/storage/index.ts";

/** Bytes of a file that are requested; the end is exclusive. */
interface FileRequest {
  readonly start: number;
  readonly end: number;
  readonly signal: AbortSignal | undefined;
}

let fileCount = 0;

/** A file without a descriptor, as one in a bucket, that notes what is requested of it. */
export class RequestedFile implements StoredFile {
  readonly version: FileVersion;
  readonly requests: FileRequest[] = [];
  runningCount = 0;
  runningCountMax = 0;
  /** What a request waits for before it is answered; a turn of the event loop by default. */
  beforeAnswer: (request: FileRequest) => Promise<unknown> = () => setImmediate();
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.version = { id: `requested ${fileCount++}`, byteLength: bytes.byteLength, changed: new Date(0) };
  }

  async read(start: number, end: number, { into, signal }: ReadBytesOptions = {}): Promise<Uint8Array> {
    if (start < 0 || end > this.#bytes.byteLength || end <= start) throw new Error(`no such range: ${start} to ${end}`);
    const request = { start, end, signal };
    this.requests.push(request);
    this.runningCountMax = Math.max(this.runningCountMax, ++this.runningCount);
    try {
      await this.beforeAnswer(request);
      const bytes = into ?? new Uint8Array(end - start);
      bytes.set(this.#bytes.subarray(start, end));
      return bytes.subarray(0, end - start);
    } finally {
      this.runningCount--;
    }
  }

  async assertUnchanged(): Promise<void> {}

  async close(): Promise<void> {}
}

/** Waits until a request is no longer wanted, and fails as it then does. */
export async function untilUnwanted({ signal }: FileRequest): Promise<never> {
  signal?.throwIfAborted();
  return await new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}
