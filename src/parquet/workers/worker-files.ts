import { createHash } from "node:crypto";
import { ParquetFile } from "parquet-wasm";
import { joinPieces } from "../../flight/index.ts";
import { createJoinedSource, type ByteSource } from "../format/byte-source.ts";
import { extractRowGroup } from "../format/extract-row-group.ts";
import { findFooter } from "../format/find-footer.ts";
import { decodeFooter, decodeFooterOnly } from "../format/footer.ts";
import { indexRowGroup } from "../format/index-row-group.ts";
import { keepNewest } from "../format/keep-newest.ts";
import { openFilesMax } from "../limits.ts";
import { indexedFooterBytesMax, indexedGroupBytesMin, reachableBytesMax } from "./limits.ts";
import { findUnskippable } from "../format/find-unskippable.ts";
import { rowGroupByteLength } from "../format/row-group-byte-length.ts";
import { findSchemaLeaves } from "../format/schema-leaves.ts";
import { showFile, type ShownFile } from "../format/show-file.ts";
import type { ReadRange } from "../format/scan-pages.ts";
import { decodeThriftStruct, type ThriftStruct } from "../format/thrift.ts";
import { integerField, listField, structListField } from "../format/thrift-fields.ts";
import { fileMetaData, rowGroupField } from "../format/footer-fields.ts";
import { hasTrueIndex } from "../format/true-index.ts";
import { createFileSource } from "./file-source.ts";
import { ExhaustedError, type OpenFile } from "./worker-protocol.ts";

/**
 * Readers of files, and readers of single row groups with a generated index; undefined if no index could be generated.
 */
const opened = new Map<string, Promise<ParquetFile | undefined>>();
/** The buffers that parquet-wasm got from files during a job. It has copied their content when the job ends. */
const lent: ArrayBuffer[] = [];

/** A file, and whether its page indexes are hidden. */
interface ShownOpenFile extends OpenFile {
  readonly hidesIndexes?: boolean;
}

/** Returns a key for a file and the schema with which it is shown to parquet-wasm. */
export function fileKeyOf({ id, shownSchema }: OpenFile): string {
  const schema = shownSchema === undefined ? "" : createHash("sha256").update(shownSchema).digest("base64");
  return `${id} ${schema}`;
}

/** Returns a key for a file and the way it is shown to parquet-wasm. */
function keyOf(file: ShownOpenFile): string {
  return `${fileKeyOf(file)} ${file.hidesIndexes ?? false}`;
}

/** Returns a file whose page indexes are hidden, for reading whole row groups. Wrong indexes then have no effect. */
function withoutIndexes(file: OpenFile): ShownOpenFile {
  return showOpenFile(file).hasPageIndexes ? { ...file, hidesIndexes: true } : file;
}

/** Returns the number of bytes that were read for the running job. */
export function bytesRead(): number {
  return lent.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Frees the buffers of a successful job now, before the garbage collector would. */
export function freeReadBuffers(): void {
  for (const buffer of lent.splice(0)) buffer.transfer(0);
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

/** The last files of this worker, as parquet-wasm sees them. */
const shownFiles = new Map<string, ShownFile>();

/** Returns a file as parquet-wasm sees it. @throws Error, UnsupportedError as `showFile` */
export function showOpenFile(file: OpenFile): ShownFile {
  const key = fileKeyOf(file);
  const shown = shownFiles.get(key) ?? showFile(createFileSource(file), { arrowSchema: file.shownSchema });
  keepNewest(shownFiles, key, shown);
  return shown;
}

function sourceOf(file: ShownOpenFile): ByteSource {
  const { source, withoutIndexes } = showOpenFile(file);
  return file.hidesIndexes ? withoutIndexes : source;
}

async function open(file: ShownOpenFile): Promise<ParquetFile> {
  try {
    return await openSource(sourceOf(file));
  } catch (reason) {
    const shown = showFile(createFileSource(file), { arrowSchema: file.shownSchema, isBare: true });
    const parquet = await openSource(shown.source).catch(() => {
      throw reason;
    });
    shownFiles.set(fileKeyOf(file), shown);
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

function readerOf(source: ByteSource): ReadRange {
  return (start, end) => source.read(start, end);
}

/** Cached facts about row groups of the last files of this worker. */
class RowGroupFindings<Finding> {
  readonly #files = new Map<string, Map<number, Finding>>();

  /** Returns the fact about a row group, and finds it if it is not cached. */
  get({ id }: OpenFile, rowGroupIndex: number, find: () => Finding): Finding {
    const ofFile = this.#files.get(id) ?? new Map<number, Finding>();
    keepNewest(this.#files, id, ofFile);
    const finding = ofFile.get(rowGroupIndex) ?? find();
    ofFile.set(rowGroupIndex, finding);
    return finding;
  }
}

const unskippables = new RowGroupFindings<Map<string, ReadonlySet<number>>>();

/**
 * Returns the indices of the top-level columns of a row group in which parquet-wasm cannot skip rows. The result is
 * cached.
 *
 * @param columns - the decoded columns; all by default
 */
export function unskippableColumns(
  file: OpenFile,
  rowGroupIndex: number,
  columns?: ReadonlySet<number>,
): ReadonlySet<number> {
  const known = unskippables.get(file, rowGroupIndex, () => new Map());
  const key = columns ? [...columns].join(" ") : "all";
  const found = known.get(key) ?? readUnskippable(file, rowGroupIndex, columns);
  known.set(key, found);
  return found;
}

/** Whether the page indexes of columns are correct. The key contains the indices of the columns. */
const trueIndexes = new RowGroupFindings<Map<string, boolean>>();

/**
 * Returns whether the page indexes of columns in a row group are correct; true if there are none. The result is cached.
 *
 * @param columnIndices - all by default
 */
export function hasTrueIndexes(file: OpenFile, rowGroupIndex: number, columnIndices?: readonly number[]): boolean {
  if (!showOpenFile(file).hasPageIndexes) return true;
  const known = trueIndexes.get(file, rowGroupIndex, () => new Map());
  const key = columnIndices?.join(" ") ?? "all";
  const areTrue = known.get(key) ?? areTrueIndexes(file, rowGroupIndex, columnIndices);
  known.set(key, areTrue);
  return areTrue;
}

function areTrueIndexes(file: OpenFile, rowGroupIndex: number, columnIndices?: readonly number[]): boolean {
  const { read, group, leaves } = openRowGroupStruct(file, rowGroupIndex);
  const rowCount = integerField(group, rowGroupField.rowCount);
  return structListField(group, rowGroupField.columns).every((chunk, i) => {
    const leaf = leaves[i];
    if (leaf === undefined || columnIndices?.includes(leaf.columnIndex) === false) return true;
    return hasTrueIndex(read, { chunk, leaf, rowCount });
  });
}

function readUnskippable(
  file: OpenFile,
  rowGroupIndex: number,
  columns: ReadonlySet<number> | undefined,
): ReadonlySet<number> {
  const { read, group, leaves } = openRowGroupStruct(file, rowGroupIndex);
  return findUnskippable(read, { group, leaves, columns });
}

/**
 * Returns a row group from the footer, its leaves, and a function that reads its pages.
 *
 * @throws RangeError if there is no such row group
 */
export function openRowGroupStruct(file: OpenFile, rowGroupIndex: number) {
  const footer = footerOf(file);
  const encoded = listField(footer, fileMetaData.rowGroups).elements[rowGroupIndex];
  if (!(encoded instanceof Uint8Array)) throw new RangeError(`a Parquet file has no row group ${rowGroupIndex}`);
  const leaves = findSchemaLeaves(structListField(footer, fileMetaData.schema));
  return { read: readerOf(showOpenFile(file).source), group: decodeThriftStruct(encoded), leaves };
}

/**
 * The footer of the last file whose row groups were examined. Only one is kept, because a footer takes up to 1% of its
 * file.
 */
let lastFooter: { readonly fileKey: string; readonly footer: ThriftStruct } | undefined;

function footerOf(file: ShownOpenFile): ThriftStruct {
  if (lastFooter?.fileKey !== keyOf(file)) {
    const source = sourceOf(file);
    const end = source.read(findFooter(source).byteOffset, source.byteLength);
    lastFooter = { fileKey: keyOf(file), footer: decodeFooterOnly(end) };
  }
  return lastFooter.footer;
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
