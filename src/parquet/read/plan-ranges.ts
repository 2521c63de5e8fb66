import type { FileRange } from "../format/column-chunks.ts";
import { columnChunk, rowGroupField } from "../format/footer-fields.ts";
import { chunkRange } from "../format/footer.ts";
import type { ReadRange } from "../format/scan-pages.ts";
import type { ThriftStruct } from "../format/thrift.ts";
import { integerField, structListField } from "../format/thrift-fields.ts";
import { readLocations } from "../format/true-index.ts";
import { fetchedBytesMax } from "./limits.ts";
import { openRowGroupStruct } from "../workers/row-group-findings.ts";
import type { OpenFile, PlannedRanges, RangesJob } from "../workers/worker-protocol.ts";
import { wantedColumns } from "./wanted-columns.ts";

/** A column chunk that is decoded. */
interface WantedChunk {
  readonly chunk: ThriftStruct;
  readonly range: FileRange;
  /** The number of rows in its row group. */
  readonly rowCount: number;
  readonly read: ReadRange;
}

/**
 * Runs a ranges job. Returns the column chunks of the row groups or, if they have too many bytes, the pages with the
 * rows. The result is only an optimization: missing bytes are requested when they are read.
 */
export function planRanges(job: RangesJob): PlannedRanges {
  try {
    const columns = wantedColumns(job);
    const chunks = job.rowGroupIndices.flatMap((index) => findChunks(job.file, index, columns));
    const whole = chunks.map(({ range }) => range);
    if (isFetchable(whole)) return { ranges: whole, isWhole: true };
    const pages = chunks.flatMap((chunk) => findPages(chunk, job));
    return { ranges: isFetchable(pages) ? pages : [], isWhole: false };
  } catch (reason) {
    // The decoder reports the error of the file.
    if (reason instanceof RangeError) return { ranges: [], isWhole: false };
    throw reason;
  }
}

/**
 * Returns whether a row group's columns are read as a whole for any slice of it, so that skipping pages saves no
 * request.
 */
export function isReadWhole(file: OpenFile, rowGroupIndex: number, columns: ReadonlySet<number> | undefined): boolean {
  return file.fd === undefined && isFetchable(findChunks(file, rowGroupIndex, columns).map(({ range }) => range));
}

function isFetchable(ranges: readonly FileRange[]): boolean {
  return ranges.reduce((sum, { byteLength }) => sum + byteLength, 0) <= fetchedBytesMax;
}

function findChunks(file: OpenFile, rowGroupIndex: number, columns: ReadonlySet<number> | undefined): WantedChunk[] {
  const { group, leaves, read } = openRowGroupStruct(file, rowGroupIndex);
  const rowCount = integerField(group, rowGroupField.rowCount);
  return structListField(group, rowGroupField.columns).flatMap((chunk, i) => {
    if (columns?.has(leaves[i]?.columnIndex ?? -1) === false) return [];
    const { start, end } = chunkRange(chunk);
    const isInFile = start >= 0 && start <= end && end <= file.byteLength;
    if (!isInFile) throw new RangeError("a column chunk is not in the file");
    return { chunk, range: { byteOffset: start, byteLength: end - start }, rowCount, read };
  });
}

/** Returns the ranges of a chunk's dictionary and of the pages with rows of the slice; empty without a page index. */
function findPages({ chunk, range, rowCount, read }: WantedChunk, slice: RangesJob): FileRange[] {
  if (!chunk.has(columnChunk.offsetIndexOffset)) return [];
  const pages = readLocations(read, chunk);
  const rowEnd = slice.rowStart + slice.rowCount;
  const wanted = pages.filter(({ firstRow }, i) => {
    const nextRow = pages[i + 1]?.firstRow ?? rowCount;
    return firstRow < rowEnd && nextRow > slice.rowStart;
  });
  const end = range.byteOffset + range.byteLength;
  if (wanted.some(({ byteOffset, byteLength }) => byteOffset < range.byteOffset || byteOffset + byteLength > end)) {
    throw new RangeError("a page is not in its column chunk");
  }
  const dictionary = { byteOffset: range.byteOffset, byteLength: pages[0]!.byteOffset - range.byteOffset };
  return dictionary.byteLength > 0 ? [dictionary, ...wanted] : wanted;
}
