import { fstatSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import type { FileVersion, Scratch, StoredFile } from "../../../src/storage/index.ts";

let fileCount = 0;

/** A file to write to and read from at once, as no storage gives one; its version has the size of now. */
export class TestFile implements Scratch, StoredFile, AsyncDisposable {
  readonly handle: FileHandle;
  #byteLength = 0;
  readonly #number = fileCount++;

  constructor(handle: FileHandle) {
    this.handle = handle;
  }

  static async open(path: string, flags = "r"): Promise<TestFile> {
    return new TestFile(await open(path, flags));
  }

  get fd(): number {
    return this.handle.fd;
  }

  get version(): FileVersion {
    const { size, mtime, ino } = fstatSync(this.fd);
    return { id: `${ino} ${mtime.getTime()} ${this.#number}`, byteLength: size, changed: mtime };
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.handle.write(bytes, 0, bytes.byteLength, this.#byteLength);
    this.#byteLength += bytes.byteLength;
  }

  async reopen(): Promise<StoredFile> {
    return this;
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    const { buffer } = await this.handle.read(new Uint8Array(end - start), 0, end - start, start);
    return buffer;
  }

  async assertUnchanged(): Promise<void> {}

  async discard(): Promise<void> {}

  async close(): Promise<void> {
    await this.handle.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
