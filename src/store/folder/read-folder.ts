import { limitRows } from "../../arrow/index.ts";
import { nameDatasetIn, type DatasetSelection } from "../../dataset/index.ts";
import { narrowFilter, type BoundFilter } from "../../filter/index.ts";
import { createFrame, FlightError, type FlightFrame } from "../../flight/index.ts";
import { readParquetFrames, readSchemaHeader, type ParquetPool } from "../../parquet/index.ts";
import type { Storage, StoredFile } from "../../storage/index.ts";
import { filesAhead } from "../limits.ts";
import type { RowRange } from "../plan-endpoints.ts";
import { readUnchanged } from "../read-unchanged.ts";
import { selectPart, type DatasetPart } from "../select-part.ts";
import { adaptFrames, createConstantBatches, type AdaptedColumn } from "./adapt-frames.ts";
import type { FileInFolder, FileLayout, FolderDataset } from "./folder-dataset.ts";
import { joinAhead } from "./read-ahead.ts";

/** The dependencies of a read. */
export interface FolderReads {
  readonly storage: Storage;
  readonly pool: ParquetPool;
}

/** What is read of a file. */
interface FilePart {
  readonly file: FileInFolder;
  /** The rows of the file. */
  readonly range: RowRange;
  /** For the file's own columns; undefined if all rows are meant. */
  readonly filter: BoundFilter | undefined;
}

/**
 * Reads a selection of a folder: first the schema, then the rows of its files in order. A file that cannot have rows of
 * the selection is not opened. Each file is opened shortly before it is read.
 *
 * @param selection - `rows` is the range that the filter is applied to; all rows by default
 * @throws FlightError as `selectPart`, immediately; ABORTED if a file was replaced or dropped since the folder was
 * described; as `readParquetFrames`
 */
export function readFolder(
  reads: FolderReads,
  folder: FolderDataset,
  selection: Omit<DatasetSelection, "dataset"> & { readonly rows?: RowRange | undefined },
  signal: AbortSignal,
): AsyncIterable<FlightFrame> {
  const part = selectPart(folder.facts, selection, selection.rows);
  const frames = readPart(reads, folder, part, signal);
  return part.filter ? limitRows(frames, part.filter) : frames;
}

async function* readPart(
  reads: FolderReads,
  folder: FolderDataset,
  part: DatasetPart,
  signal: AbortSignal,
): AsyncGenerator<FlightFrame, void, undefined> {
  yield createFrame({ header: readSchemaHeader(folder.facts, part.columnIndices) });
  const { readAhead } = reads.pool;
  const columnIndices = part.columnIndices ?? [...folder.fields.keys()];
  const toStream = (filePart: FilePart) => readFile(reads, filePart, { folder, columnIndices, signal });
  yield* joinAhead(map(planFiles(folder, part), toStream), {
    aheadMax: filesAhead,
    hasRoom: () => readAhead.heldBytes < readAhead.bytesMax,
  });
}

/** Returns the files that may have rows of a part. */
export function filesOfPart(folder: FolderDataset, part: DatasetPart): FileInFolder[] {
  return Array.from(planFiles(folder, part), ({ file }) => file);
}

/** Returns the rows of each file that may have rows of a part, as rows of the folder. */
export function rowsByFile(folder: FolderDataset, part: DatasetPart): RowRange[] {
  return Array.from(planFiles(folder, part), ({ file, range }) => ({ ...range, offset: file.rowStart + range.offset }));
}

/** Plans what is read of each file, without those that have no rows of the part. */
function* planFiles({ files, fields }: FolderDataset, { range, filter }: DatasetPart): Generator<FilePart> {
  const narrowed = new Map<FileLayout, BoundFilter | boolean>();
  const end = range.offset + range.limit;
  for (const file of files) {
    const { rowStart, layout } = file;
    const rowEnd = rowStart + Number(file.facts.rowCount);
    if (rowStart >= end) return;
    const offset = Math.max(range.offset - rowStart, 0);
    const limit = Math.min(end, rowEnd) - rowStart - offset;
    if (limit <= 0) continue;
    const own =
      filter === undefined || (narrowed.get(layout) ?? narrowFilter(filter.bound, { fields, columns: layout.columns }));
    narrowed.set(layout, own);
    if (own !== false) yield { file, range: { offset, limit }, filter: own === true ? undefined : own };
  }
}

interface ReadOptions {
  readonly folder: FolderDataset;
  /** The columns of the folder. */
  readonly columnIndices: readonly number[];
  readonly signal: AbortSignal;
}

/** Reads the batches of a file as those of its folder. */
async function* readFile(
  { storage, pool }: FolderReads,
  { file, range, filter }: FilePart,
  { folder, columnIndices, signal }: ReadOptions,
): AsyncGenerator<FlightFrame, void, undefined> {
  const { layout, facts, name } = file;
  const own = ownColumns(layout, columnIndices);
  const columns = columnIndices.map((index): AdaptedColumn => {
    const column = layout.columns[index]!;
    const source = column.kind === "own" ? own.indexOf(column.index) : { value: column.value };
    return { field: folder.fields[index]!, source };
  });
  if (own.length === 0 && filter === undefined) return yield* createConstantBatches(columns, range.limit);
  let stored: StoredFile | undefined;
  try {
    stored = await openVersion(storage, file);
    const isAll = own.length === layout.fields.length;
    const options = { signal, filter, ...range, ...(!isAll && { columnIndices: own }) };
    const frames = withoutSchema(readUnchanged(stored, readParquetFrames(pool, stored, facts, options)));
    if (layout.isSame) yield* frames;
    else yield* adaptFrames(frames, { sourceFields: own.map((index) => layout.fields[index]!), columns });
  } catch (reason) {
    throw nameDatasetIn(reason, name);
  } finally {
    await stored?.close();
  }
}

/** Returns the columns of a file that are read, rising. */
function ownColumns(layout: FileLayout, columnIndices: readonly number[]): number[] {
  const own = columnIndices.flatMap((index) => {
    const column = layout.columns[index]!;
    return column.kind === "own" ? [column.index] : [];
  });
  return own.sort((a, b) => a - b);
}

async function openVersion(storage: Storage, { name, version }: FileInFolder): Promise<StoredFile> {
  let file: StoredFile | undefined;
  try {
    file = await storage.open(name);
  } catch (reason) {
    const isGone = reason instanceof FlightError && reason.code === "not_found";
    if (!isGone) throw reason;
  }
  if (file?.version.id === version.id) return file;
  await file?.close();
  throw new FlightError("aborted", "it was replaced or dropped while the folder was read");
}

async function* withoutSchema(frames: AsyncIterable<FlightFrame>): AsyncGenerator<FlightFrame, void, undefined> {
  let isFirst = true;
  for await (const frame of frames) {
    if (!isFirst) yield frame;
    isFirst = false;
  }
}

function* map<T, R>(items: Iterable<T>, to: (item: T) => R): Generator<R> {
  for (const item of items) yield to(item);
}
