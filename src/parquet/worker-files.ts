import { readSync } from "node:fs";
import { ParquetFile } from "parquet-wasm";
import { magic } from "./footer.ts";
import { footerBytesMax, openFilesMax } from "./limits.ts";
import type { OpenFile } from "./worker-protocol.ts";

const opened = new Map<number, Promise<ParquetFile>>();
/** What parquet-wasm was given of files during a job: it has copied that when the job ends. */
const lent: ArrayBuffer[] = [];

/** Frees what was read for a job that has ended well, at once, not when the garbage collector next looks. */
export function freeWhatWasRead(): void {
  for (const buffer of lent.splice(0)) buffer.transfer(0);
}

/**
 * The Parquet reader of an open file, with its footer parsed once for as long as it is among the last files
 * that this worker was asked for.
 *
 * @throws Error where the file is not one that parquet-wasm should be given
 */
export function openParquetFile(file: OpenFile): Promise<ParquetFile> {
  const known = opened.get(file.id);
  opened.delete(file.id);
  const parquet = known ?? open(file);
  opened.set(file.id, parquet);
  parquet.catch(() => opened.delete(file.id));
  forgetOldest();
  return parquet;
}

async function open(file: OpenFile): Promise<ParquetFile> {
  assertParquet(file);
  return ParquetFile.fromFile(new DescriptorBlob(file, 0, file.byteLength));
}

function forgetOldest(): void {
  const [oldest] = opened;
  if (opened.size <= openFilesMax || oldest === undefined) return;
  const [id, parquet] = oldest;
  opened.delete(id);
  // One that failed to open holds nothing.
  parquet.then((reader) => reader.free()).catch(() => {});
}

/** Checks the end of the file, as parquet-wasm would allocate whatever a footer's length says. */
function assertParquet(file: OpenFile): void {
  const tailByteLength = 8;
  if (file.byteLength < magic.byteLength + tailByteLength) throw new Error("the file is too short for a Parquet file");
  const tail = Buffer.from(readRange(file, file.byteLength - tailByteLength, file.byteLength));
  const ending = tail.toString("latin1", 4);
  if (ending === "PARE") throw new Error("the file is encrypted");
  if (ending !== "PAR1") throw new Error("the file does not end as a Parquet file");
  const footerByteLength = tail.readUInt32LE(0);
  if (footerByteLength > footerBytesMax)
    throw new Error(`the footer has ${footerByteLength} bytes, over ${footerBytesMax}`);
  if (footerByteLength > file.byteLength - magic.byteLength - tailByteLength) {
    throw new Error("the footer is longer than the file");
  }
}

/** Reads bytes from `start` to `end` (exclusive) of a file. @throws Error where it ends before */
function readRange(file: OpenFile, start: number, end: number): ArrayBuffer {
  const bytes = new Uint8Array(end - start);
  for (let filled = 0; filled < bytes.byteLength;) {
    const read = readSync(file.fd, bytes, filled, bytes.byteLength - filled, start + filled);
    if (read === 0) throw new Error("the file became shorter while it was read");
    filled += read;
  }
  return bytes.buffer;
}

/** A range of an open file as the Blob that parquet-wasm reads from. Reading blocks, which a worker may do. */
class DescriptorBlob extends Blob {
  override readonly size: number;
  readonly #file: OpenFile;
  readonly #start: number;
  readonly #end: number;

  constructor(file: OpenFile, start: number, end: number) {
    super([]);
    this.#file = file;
    this.#start = start;
    this.#end = end;
    this.size = end - start;
  }

  override slice(start = 0, end = this.size): Blob {
    const at = (offset: number): number => Math.min(this.#end, this.#start + offset);
    return new DescriptorBlob(this.#file, at(start), at(end));
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = readRange(this.#file, this.#start, this.#end);
    lent.push(bytes);
    return bytes;
  }
}
