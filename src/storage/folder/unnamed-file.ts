import { rm, type FileHandle } from "node:fs/promises";
import { FolderFile } from "./folder-file.ts";
import type { Scratch, StoredFile } from "../storage.ts";
import { toStorageError } from "./system-error.ts";

/** A file in the upload area, which is being written. */
export class UnnamedFile implements Scratch {
  readonly file: FileHandle;
  readonly path: string;
  #byteLength = 0;

  constructor(file: FileHandle, path: string) {
    this.file = file;
    this.path = path;
  }

  async append(bytes: Uint8Array): Promise<void> {
    try {
      for (let written = 0; written < bytes.byteLength;) {
        const rest = bytes.byteLength - written;
        const { bytesWritten } = await this.file.write(bytes, written, rest, this.#byteLength);
        written += bytesWritten;
        this.#byteLength += bytesWritten;
      }
    } catch (reason) {
      throw toStorageError(reason, "put");
    }
  }

  /** @param close - closes the result; nothing by default, because the handle is shared */
  async reopen(close = async (): Promise<void> => {}): Promise<StoredFile> {
    try {
      // The handle is shared, because a scratch file has no name.
      return new FolderFile(this.file, await this.file.stat({ bigint: true }), close);
    } catch (reason) {
      throw toStorageError(reason, "read");
    }
  }

  async discard(): Promise<void> {
    await this.file.close().catch(() => {});
    await rm(this.path, { force: true });
  }
}
