import { ParquetFile } from "parquet-wasm";
import { joinPieces } from "../../flight/index.ts";
import { createJoinedSource, type ByteSource } from "../format/byte-source.ts";
import { extractRowGroup } from "../format/extract-row-group.ts";
import { findFooter } from "../format/find-footer.ts";
import { decodeFooter } from "../format/footer.ts";
import { indexRowGroup } from "../format/index-row-group.ts";
import { openFilesMax } from "../limits.ts";
import { rowGroupByteLength } from "../format/row-group-byte-length.ts";
import { showFile } from "../format/show-file.ts";
import { indexedFooterBytesMax, indexedGroupBytesMin, reachableBytesMax } from "./limits.ts";
import { hasTrueIndexes } from "./row-group-findings.ts";
import {
  footerOf,
  keyOf,
  readerOf,
  replaceShown,
  sourceOf,
  withoutIndexes,
  type ShownOpenFile,
} from "./shown-files.ts";
import { createFileSource } from "./file-source.ts";
import { giveReadMemoryBack } from "./read-memory.ts";
import { ExhaustedError, type OpenFile } from "./worker-protocol.ts";

/**
 * Readers of files, and readers of single row groups with a generated index; undefined if no index could be generated.
 */
const opened = new Map<string, Promise<ParquetFile | undefined>>();
/** The buffers that parquet-wasm got from files during a job. It has copied their content when the job ends. */
const lent: ArrayBuffer[] = [];

/** Returns the number of bytes that were read for the running job. */
export function bytesRead(): number {
  return lent.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Gives back the buffers of a successful job. */
export function freeReadBuffers(): void {
  for (const buffer of lent.splice(0)) giveReadMemoryBack(buffer);
}

/** Leaves the buffers of a failed job to the garbage collector, because parquet-wasm may still use them. */
export function dropReadBuffers(): void {
  lent.length = 0;
}

/**
 * Returns a reader for an open file without its page indexes. The parsed footer is kept while the file is one of the
 * last files of this worker.
 *
 * @throws Error if parquet-wasm must not read the file
 */
export function openParquetFile(file: OpenFile): Promise<ParquetFile> {
  return openShown(withoutIndexes(file));
}

/** Returns all bytes of a file without its page indexes, as parquet-wasm sees it. */
export function readShownBytes(file: OpenFile): Uint8Array {
  const source = sourceOf(withoutIndexes(file));
  return source.read(0, source.byteLength);
}

function openShown(file: ShownOpenFile): Promise<ParquetFile> {
  return remember(keyOf(file), () => open(file));
}

/** A reader and some of its row groups. */
export interface OpenRowGroups {
  readonly parquet: ParquetFile;
  /** Their indices in the reader. */
  readonly indices: readonly number[];
}

/** Yields the readers for several whole row groups, in order. */
export async function* openWholeRowGroups(
  file: OpenFile,
  rowGroupIndices: readonly number[],
): AsyncGenerator<OpenRowGroups> {
  if (file.byteLength <= reachableBytesMax) yield { parquet: await openParquetFile(file), indices: rowGroupIndices };
  else for (const rowGroupIndex of rowGroupIndices) yield openRowGroup(file, rowGroupIndex);
}

/**
 * Returns the reader for slices of a row group.
 *
 * If the file is too large for parquet-wasm's offsets, the reader sees the row group as a separate file. If the row
 * group is large and has no page indexes, the reader gets a generated index, so that a slice reads only its own pages.
 * Wrong page indexes are hidden.
 *
 * @param columnIndices - the decoded columns; all by default
 */
export async function openRowGroup(
  openFile: OpenFile,
  rowGroupIndex: number,
  columnIndices?: readonly number[],
): Promise<OpenRowGroups> {
  const file = hasTrueIndexes(openFile, rowGroupIndex, columnIndices) ? openFile : withoutIndexes(openFile);
  if (file.byteLength > reachableBytesMax) {
    return {
      parquet: await remember(`${keyOf(file)}/${rowGroupIndex}`, () => openExtracted(file, rowGroupIndex)),
      indices: [0],
    };
  }
  const parquet = await openShown(file);
  if (rowGroupByteLength(parquet, rowGroupIndex) >= indexedGroupBytesMin) {
    const indexed = await remember(`${keyOf(file)}/${rowGroupIndex}`, () => openIndexed(file, rowGroupIndex));
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
  // A reader that failed to open has nothing to free.
  parquet.then((reader) => reader?.free()).catch(() => {});
}

async function open(file: ShownOpenFile): Promise<ParquetFile> {
  try {
    return await openSource(sourceOf(file));
  } catch (reason) {
    const shown = showFile(createFileSource(file), { arrowSchema: file.shownSchema, isBare: true });
    const parquet = await openSource(shown.source).catch(() => {
      throw reason;
    });
    replaceShown(file, shown);
    return parquet;
  }
}

function openSource(source: ByteSource): Promise<ParquetFile> {
  return ParquetFile.fromFile(new SourceBlob(source, 0, source.byteLength));
}

async function openExtracted(file: ShownOpenFile, rowGroupIndex: number): Promise<ParquetFile> {
  const source = extractRowGroup(sourceOf(file), footerOf(file), rowGroupIndex);
  if (source.byteLength > reachableBytesMax) {
    throw new ExhaustedError(`row group ${rowGroupIndex} has more than ${reachableBytesMax} bytes`);
  }
  return openSource(source.byteLength >= indexedGroupBytesMin ? (withIndex(source, 0) ?? source) : source);
}

async function openIndexed(file: ShownOpenFile, rowGroupIndex: number): Promise<ParquetFile | undefined> {
  const indexed = withIndex(sourceOf(file), rowGroupIndex);
  return indexed && openSource(indexed);
}

function withIndex(source: ByteSource, rowGroupIndex: number): ByteSource | undefined {
  const { byteLength } = source;
  const place = findFooter(source);
  if (place.byteLength > indexedFooterBytesMax) return undefined;
  try {
    const footer = decodeFooter(source.read(place.byteOffset, byteLength));
    const pieces = indexRowGroup({ footer, byteLength, read: readerOf(source) }, rowGroupIndex);
    return pieces && createJoinedSource(source, [0, byteLength], joinPieces(pieces));
  } catch (reason) {
    // parquet-wasm rejects pages that cannot be found.
    if (reason instanceof RangeError) return undefined;
    throw reason;
  }
}

/** A range of a source as a Blob, which parquet-wasm reads. */
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
