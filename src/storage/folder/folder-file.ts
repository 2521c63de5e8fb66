import type { BigIntStats } from "node:fs";
import { FlightError } from "../../flight/index.ts";
import type { FileVersion, ReadBytesOptions, StoredFile } from "../storage.ts";
import type { OpenFile } from "./disk.ts";
import { hasSameBytes, toFileVersion } from "./file-version.ts";
import { toStorageError } from "./system-error.ts";

/** Options of a `FolderFile`. */
export interface FolderFileOptions {
  /** The version that belongs to the status. It is computed by default. */
  readonly version?: FileVersion;
  /** Closes the file; by default, its handle is closed. */
  readonly close?: () => void | Promise<void>;
}

/** An open file of a folder. It stays the same file if its name is removed or replaced. */
export class FolderFile implements StoredFile {
  readonly version: FileVersion;
  readonly #file: OpenFile;
  readonly #stats: BigIntStats;
  readonly #close: () => void | Promise<void>;

  constructor(file: OpenFile, stats: BigIntStats, { version, close }: FolderFileOptions = {}) {
    this.#file = file;
    this.#stats = stats;
    this.version = version ?? toFileVersion(stats);
    this.#close = close ?? (() => file.close());
  }

  get fd(): number {
    return this.#file.fd;
  }

  async read(start: number, end: number, { into }: ReadBytesOptions = {}): Promise<Uint8Array> {
    const bytes = into?.subarray(0, end - start) ?? new Uint8Array(end - start);
    try {
      for (let filled = 0; filled < bytes.byteLength;) {
        const bytesRead = await this.#file.read(bytes.subarray(filled), start + filled);
        if (bytesRead === 0) throw changed();
        filled += bytesRead;
      }
    } catch (reason) {
      throw toStorageError(reason, "read");
    }
    return bytes;
  }

  async assertUnchanged(): Promise<void> {
    let now: BigIntStats;
    try {
      now = await this.#file.stat();
    } catch (reason) {
      throw toStorageError(reason, "read");
    }
    if (!hasSameBytes(this.#stats, now)) throw changed();
  }

  async close(): Promise<void> {
    await this.#close();
  }
}

function changed(): FlightError {
  return new FlightError("aborted", "its file was changed in place during the read");
}
