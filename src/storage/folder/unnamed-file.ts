import { rm } from "node:fs/promises";
import type { BigIntStats } from "node:fs";
import type { OpenFile } from "./disk.ts";
import { FolderFile } from "./folder-file.ts";
import type { Scratch, StoredFile } from "../storage.ts";
import { toStorageError } from "./system-error.ts";

/** The bytes that are collected before they are written. A small file is written with one call to the system. */
const unwrittenBytesMax = 128 * 1024;

/** A file in the upload area, which is being written. */
export class UnnamedFile implements Scratch {
  readonly path: string;
  readonly #opening: Promise<OpenFile>;
  /** Copies of the last bytes. */
  #unwritten: Uint8Array[] = [];
  #unwrittenBytes = 0;
  #byteLength = 0;
  #isNamed = false;

  /** @param opening - the open file; if it fails, the first use of the file fails */
  constructor(opening: OpenFile | Promise<OpenFile>, path: string) {
    this.path = path;
    this.#opening = Promise.resolve(opening);
    this.#opening.catch(() => {});
  }

  async append(bytes: Uint8Array): Promise<void> {
    try {
      if (this.#unwrittenBytes + bytes.byteLength > unwrittenBytesMax) {
        await this.#writeAll();
        await this.#write(bytes);
      } else {
        this.#unwritten.push(bytes.slice());
        this.#unwrittenBytes += bytes.byteLength;
      }
    } catch (reason) {
      throw toStorageError(reason, "put");
    }
  }

  /** Writes all bytes, and syncs the file. @throws the system's error */
  async sync(): Promise<void> {
    await this.#writeAll();
    await (await this.#opening).sync();
  }

  /** Returns the status of the file. @throws the system's error */
  async stat(): Promise<BigIntStats> {
    return await (await this.#opening).stat();
  }

  /** Closes a file that has got another name. Nothing can be lost, because the file is synced. */
  closeNamed(): void {
    this.#isNamed = true;
    void this.#close();
  }

  /** @param close - closes the result; nothing by default, because the handle is shared */
  async reopen(close = async (): Promise<void> => {}): Promise<StoredFile> {
    try {
      await this.#writeAll();
      // The handle is shared, because a scratch file has no name.
      return new FolderFile(await this.#opening, await this.stat(), { close });
    } catch (reason) {
      throw toStorageError(reason, "read");
    }
  }

  async discard(): Promise<void> {
    if (this.#isNamed) return;
    await this.#close();
    await rm(this.path, { force: true });
  }

  async #close(): Promise<void> {
    try {
      await (await this.#opening).close();
    } catch {
      // It was not opened, or it is closed.
    }
  }

  async #writeAll(): Promise<void> {
    const pieces = this.#unwritten;
    if (pieces.length === 0) return;
    this.#unwritten = [];
    this.#unwrittenBytes = 0;
    await this.#write(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces));
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const file = await this.#opening;
    for (let written = 0; written < bytes.byteLength;) {
      const bytesWritten = await file.write(bytes.subarray(written), this.#byteLength);
      written += bytesWritten;
      this.#byteLength += bytesWritten;
    }
  }
}
