import { ParquetFile } from "parquet-wasm";
import { joinPieces } from "../../flight/index.ts";
import { createFileSource, createJoinedSource, type ByteSource } from "../format/byte-source.ts";
import { extractRowGroup } from "../format/extract-row-group.ts";
import { decodeFooter, decodeFooterOnly, magic, tailByteLength } from "../format/footer.ts";
import { indexRowGroup } from "../format/index-row-group.ts";
import {
  footerBytesMax,
  indexedFooterBytesMax,
  indexedGroupBytesMin,
  openFilesMax,
  reachableBytesMax,
} from "../limits.ts";
import { rowGroupTraits } from "../format/row-group-traits.ts";
import type { ThriftStruct } from "../format/thrift.ts";
import { ExhaustedError, type OpenFile } from "./worker-protocol.ts";

/** Readers of files, and of single row groups with an index that was made for them; undefined where none could be. */
const opened = new Map<string, Promise<ParquetFile | undefined>>();
/** What parquet-wasm was given of files during a job: it has copied that when the job ends. */
const lent: ArrayBuffer[] = [];

/** What was read for the job that runs, in bytes. */
export function bytesRead(): number {
  return lent.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Frees what was read for a job that has ended well, at once, not when the garbage collector next looks. */
export function freeWhatWasRead(): void {
  for (const buffer of lent.splice(0)) buffer.transfer(0);
}

/** Lets go of what was read for a job that has failed: parquet-wasm may not be done with it. */
export function forgetWhatWasRead(): void {
  lent.length = 0;
}

/**
 * The Parquet reader of an open file, with its footer parsed once for as long as it is among the last files
 * that this worker was asked for.
 *
 * @throws Error where the file is not one that parquet-wasm should be given
 */
export function openParquetFile(file: OpenFile): Promise<ParquetFile> {
  return remember(`${file.id}`, () => open(file));
}

/** Row groups, and the reader that has them. */
export interface OpenRowGroups {
  readonly parquet: ParquetFile;
  /** Their numbers there. */
  readonly indices: readonly number[];
}

/** The readers for several row groups that are decoded whole, in order. */
export async function* openWholeRowGroups(
  file: OpenFile,
  rowGroupIndices: readonly number[],
): AsyncGenerator<OpenRowGroups> {
  if (file.byteLength <= reachableBytesMax) yield { parquet: await openParquetFile(file), indices: rowGroupIndices };
  else for (const rowGroupIndex of rowGroupIndices) yield openRowGroup(file, rowGroupIndex);
}

/**
 * The reader for slices of a row group. Of a file whose offsets parquet-wasm cannot count, it is one that takes the row
 * group for a file of its own; of a row group that is large and came without page indexes, one with an index made
 * here, by which a slice reads what it needs rather than all of its columns.
 */
export async function openRowGroup(file: OpenFile, rowGroupIndex: number): Promise<OpenRowGroups> {
  if (file.byteLength > reachableBytesMax) {
    return {
      parquet: await remember(`${file.id}/${rowGroupIndex}`, () => openExtracted(file, rowGroupIndex)),
      indices: [0],
    };
  }
  const parquet = await openParquetFile(file);
  if (rowGroupTraits(parquet, rowGroupIndex).compressedByteLength >= indexedGroupBytesMin) {
    const indexed = await remember(`${file.id}/${rowGroupIndex}`, () => openIndexed(file, rowGroupIndex));
    if (indexed) return { parquet: indexed, indices: [0] };
  }
  return { parquet, indices: [rowGroupIndex] };
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
  const source = createFileSource(file);
  findFooter(source);
  return openSource(source);
}

function openSource(source: ByteSource): Promise<ParquetFile> {
  return ParquetFile.fromFile(new SourceBlob(source, 0, source.byteLength));
}

async function openExtracted(file: OpenFile, rowGroupIndex: number): Promise<ParquetFile> {
  const source = extractRowGroup(createFileSource(file), footerOf(file), rowGroupIndex);
  if (source.byteLength > reachableBytesMax) {
    throw new ExhaustedError(`row group ${rowGroupIndex} has more than ${reachableBytesMax} bytes`);
  }
  return openSource(source.byteLength >= indexedGroupBytesMin ? (withIndex(source, 0) ?? source) : source);
}

async function openIndexed(file: OpenFile, rowGroupIndex: number): Promise<ParquetFile | undefined> {
  const indexed = withIndex(createFileSource(file), rowGroupIndex);
  return indexed && openSource(indexed);
}

function withIndex(source: ByteSource, rowGroupIndex: number): ByteSource | undefined {
  const { byteLength } = source;
  const place = findFooter(source);
  if (place.byteLength > indexedFooterBytesMax) return undefined;
  const footer = decodeFooter(source.read(place.byteOffset, byteLength));
  const read = (start: number, end: number): Uint8Array => source.read(start, end);
  const pieces = indexRowGroup({ footer, byteLength, read }, rowGroupIndex);
  return pieces && createJoinedSource(source, [0, byteLength], joinPieces(pieces));
}

/** The footer of the last file whose row groups were extracted: one takes up to a hundredth of its file. */
let lastFooter: { readonly fileId: number; readonly footer: ThriftStruct } | undefined;

function footerOf(file: OpenFile): ThriftStruct {
  if (lastFooter?.fileId !== file.id) {
    const source = createFileSource(file);
    const end = source.read(findFooter(source).byteOffset, source.byteLength);
    lastFooter = { fileId: file.id, footer: decodeFooterOnly(end) };
  }
  return lastFooter.footer;
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
export function findFooter(file: ByteSource): FooterPlace {
  if (file.byteLength < magic.byteLength + tailByteLength) throw new Error("the file is too short for a Parquet file");
  const tail = file.read(file.byteLength - tailByteLength, file.byteLength);
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

/** A range of a source as the Blob that parquet-wasm reads from. */
class SourceBlob extends Blob {
  override readonly size: number;
  readonly #source: ByteSource;
  readonly #start: number;
  readonly #end: number;

  constructor(source: ByteSource, start: number, end: number) {
    super([]);
    this.#source = source;
    this.#start = start;
    this.#end = end;
    this.size = end - start;
  }

  override slice(start = 0, end = this.size): Blob {
    const at = (offset: number): number => Math.min(this.#end, this.#start + offset);
    return new SourceBlob(this.#source, at(start), at(end));
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const { buffer } = this.#source.read(this.#start, this.#end);
    lent.push(buffer);
    return buffer;
  }
}
