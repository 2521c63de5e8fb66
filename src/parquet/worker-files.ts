import { readSync } from "node:fs";
import { ParquetFile } from "parquet-wasm";
import { joinPieces } from "../flight/index.ts";
import { decodeFooter, magic, tailByteLength } from "./footer.ts";
import { indexRowGroup } from "./index-row-group.ts";
import { footerBytesMax, indexedFooterBytesMax, indexedGroupBytesMin, openFilesMax } from "./limits.ts";
import type { OpenFile } from "./worker-protocol.ts";

/** Readers of files, and of single row groups with an index that was made for them; undefined where none could be. */
const opened = new Map<string, Promise<ParquetFile | undefined>>();
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
export async function openParquetFile(file: OpenFile): Promise<ParquetFile> {
  return await remember(`${file.id}`, () => open(file));
}

/** A row group, and the reader that has it. */
export interface OpenRowGroup {
  readonly parquet: ParquetFile;
  /** Its number there. */
  readonly index: number;
}

/**
 * The reader for slices of a row group: of one that is large and came without page indexes, a reader with an index
 * made here, by which a slice reads what it needs rather than all of its columns.
 */
export async function openRowGroup(file: OpenFile, rowGroupIndex: number): Promise<OpenRowGroup> {
  const parquet = await openParquetFile(file);
  if (compressedByteLength(parquet, rowGroupIndex) >= indexedGroupBytesMin) {
    const indexed = await remember(`${file.id}/${rowGroupIndex}`, () => openIndexed(file, rowGroupIndex));
    if (indexed) return { parquet: indexed, index: 0 };
  }
  return { parquet, index: rowGroupIndex };
}

function compressedByteLength(parquet: ParquetFile, rowGroupIndex: number): number {
  using metadata = parquet.metadata();
  using group = metadata.rowGroup(rowGroupIndex);
  return group.compressedSize();
}

function remember<T extends ParquetFile | undefined>(key: string, load: () => Promise<T>): Promise<T> {
  const known = opened.get(key) as Promise<T> | undefined;
  opened.delete(key);
  const parquet = known ?? load();
  opened.set(key, parquet);
  parquet.catch(() => opened.delete(key));
  forgetOldest();
  return parquet;
}

function forgetOldest(): void {
  const [oldest] = opened;
  if (opened.size <= openFilesMax || oldest === undefined) return;
  const [key, parquet] = oldest;
  opened.delete(key);
  // One that failed to open holds nothing.
  parquet.then((reader) => reader?.free()).catch(() => {});
}

async function open(file: OpenFile): Promise<ParquetFile> {
  findFooter(file);
  return ParquetFile.fromFile(new DescriptorBlob({ file, end: noBytes }, 0, file.byteLength));
}

async function openIndexed(file: OpenFile, rowGroupIndex: number): Promise<ParquetFile | undefined> {
  const end = indexOf(file, rowGroupIndex);
  if (end === undefined) return undefined;
  return ParquetFile.fromFile(new DescriptorBlob({ file, end }, 0, file.byteLength + end.byteLength));
}

function indexOf(file: OpenFile, rowGroupIndex: number): Uint8Array | undefined {
  const { byteLength } = file;
  const footerByteLength = footerLength(readRange(file, byteLength - tailByteLength, byteLength));
  if (footerByteLength > indexedFooterBytesMax) return undefined;
  const footer = decodeFooter(readRange(file, byteLength - tailByteLength - footerByteLength, byteLength));
  const pieces = indexRowGroup(
    { footer, byteLength, read: (start, end) => readRange(file, start, end) },
    rowGroupIndex,
  );
  return pieces && joinPieces(pieces);
}

/** Where a file's footer begins, and its length, in bytes. */
export interface FooterPlace {
  readonly byteOffset: number;
  readonly byteLength: number;
}

/**
 * Finds the footer by the end of the file, whatever length of which parquet-wasm would allocate.
 *
 * @throws Error where the file is no Parquet file, or its footer is larger than is read
 */
export function findFooter(file: OpenFile): FooterPlace {
  if (file.byteLength < magic.byteLength + tailByteLength) throw new Error("the file is too short for a Parquet file");
  const tail = readRange(file, file.byteLength - tailByteLength, file.byteLength);
  const ending = Buffer.from(tail).toString("latin1", 4);
  if (ending === "PARE") throw new Error("the file is encrypted");
  if (ending !== "PAR1") throw new Error("the file does not end as a Parquet file");
  const footerByteLength = footerLength(tail);
  if (footerByteLength > footerBytesMax)
    throw new Error(`the footer has ${footerByteLength} bytes, over ${footerBytesMax}`);
  if (footerByteLength > file.byteLength - magic.byteLength - tailByteLength) {
    throw new Error("the footer is longer than the file");
  }
  return { byteOffset: file.byteLength - tailByteLength - footerByteLength, byteLength: footerByteLength };
}

function footerLength(tail: Uint8Array<ArrayBuffer>): number {
  return new DataView(tail.buffer).getUint32(0, true);
}

/** Reads bytes from `start` to `end` (exclusive) of a file. @throws Error where it ends before */
export function readRange(file: OpenFile, start: number, end: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - start);
  for (let filled = 0; filled < bytes.byteLength;) {
    const read = readSync(file.fd, bytes, filled, bytes.byteLength - filled, start + filled);
    if (read === 0) throw new Error("the file became shorter while it was read");
    filled += read;
  }
  return bytes;
}

/** An open file, and what is read behind it as if the file had it. */
interface ExtendedFile {
  readonly file: OpenFile;
  readonly end: Uint8Array;
}

const noBytes = new Uint8Array(0);

/** A range of an open file as the Blob that parquet-wasm reads from. Reading blocks, which a worker may do. */
class DescriptorBlob extends Blob {
  override readonly size: number;
  readonly #source: ExtendedFile;
  readonly #start: number;
  readonly #end: number;

  constructor(source: ExtendedFile, start: number, end: number) {
    super([]);
    this.#source = source;
    this.#start = start;
    this.#end = end;
    this.size = end - start;
  }

  override slice(start = 0, end = this.size): Blob {
    const at = (offset: number): number => Math.min(this.#end, this.#start + offset);
    return new DescriptorBlob(this.#source, at(start), at(end));
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = this.#read().buffer;
    lent.push(bytes);
    return bytes;
  }

  #read(): Uint8Array<ArrayBuffer> {
    const { file, end } = this.#source;
    if (this.#end <= file.byteLength) return readRange(file, this.#start, this.#end);
    const inFile = readRange(file, this.#start, Math.max(this.#start, file.byteLength));
    const behind = end.subarray(Math.max(0, this.#start - file.byteLength), this.#end - file.byteLength);
    return Uint8Array.from(joinPieces([inFile, behind]));
  }
}
