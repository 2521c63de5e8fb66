import { countedLevelsBytesMax, indexBytesMax, indexedPagesMax } from "./limits.ts";
import { columnChunk, columnMetaData, offsetIndexField, pageLocation } from "./footer-fields.ts";
import { chunkRange } from "./footer.ts";
import { countLevels } from "./level-counts.ts";
import {
  pageKinds,
  pageRowCount,
  readPageHeaders,
  type PageLocation,
  type ReadRange,
  type ScannedPage,
} from "./scan-pages.ts";
import type { SchemaLeaf } from "./schema-leaves.ts";
import { decodeThriftStruct, type ThriftStruct } from "./thrift.ts";
import { integerField, structField, structListField } from "./thrift-fields.ts";

/** A column chunk, its leaf, and the rows of its row group. */
export interface IndexedChunk {
  readonly chunk: ThriftStruct;
  readonly leaf: SchemaLeaf;
  readonly rowCount: number;
}

/**
 * Whether an offset index has the correct pages of a column chunk and their first rows. parquet-wasm uses it to find
 * pages and to skip rows; other readers use the headers of the pages. A chunk without an offset index is correct.
 */
export function hasTrueIndex(read: ReadRange, { chunk, leaf, rowCount }: IndexedChunk): boolean {
  if (!chunk.has(columnChunk.offsetIndexOffset)) return true;
  try {
    const locations = readLocations(read, chunk);
    const pages = [...readPageHeaders(read, chunkRange(chunk))].filter(
      ({ kind }) => kind === pageKinds.data || kind === pageKinds.dataV2,
    );
    if (pages.length !== locations.length) return false;
    let firstRow = 0;
    return pages.every((page, i) => {
      const location = locations[i]!;
      const nextRow = locations[i + 1]?.firstRow ?? rowCount;
      const isTrue = isAt(page, location) && location.firstRow === firstRow && nextRow > firstRow;
      firstRow += countRows(read, page, { chunk, leaf }) ?? nextRow - firstRow;
      return isTrue && firstRow === nextRow;
    });
  } catch {
    // It is no index, or these are no pages.
    return false;
  }
}

/** Returns the positions of the data pages in an offset index. @throws RangeError if it is not valid */
export function readLocations(read: ReadRange, chunk: ThriftStruct): PageLocation[] {
  const start = integerField(chunk, columnChunk.offsetIndexOffset);
  const byteLength = integerField(chunk, columnChunk.offsetIndexLength);
  if (byteLength < 0 || byteLength > indexBytesMax) throw new RangeError("a page index is too large");
  const index = decodeThriftStruct(read(start, start + byteLength));
  const locations = structListField(index, offsetIndexField.pageLocations);
  if (locations.length > indexedPagesMax) throw new RangeError("a page index has too many pages");
  return locations.map((location) => ({
    byteOffset: integerField(location, pageLocation.offset),
    byteLength: integerField(location, pageLocation.byteLength),
    firstRow: integerField(location, pageLocation.firstRow),
  }));
}

function isAt(page: ScannedPage, { byteOffset, byteLength }: PageLocation): boolean {
  return byteOffset === page.byteOffset && byteLength === page.headerByteLength + page.contentByteLength;
}

/**
 * Returns the rows of a page according to its header. For lists in version 1, this is the number of rows that start in
 * it. Undefined if the header does not have it.
 */
function countRows(
  read: ReadRange,
  page: ScannedPage,
  { chunk, leaf }: Pick<IndexedChunk, "chunk" | "leaf">,
): number | undefined {
  if (page.kind === pageKinds.dataV2 || leaf.repetitionMax === 0) return pageRowCount(page.header, page.kind);
  const meta = structField(chunk, columnChunk.metaData);
  if (integerField(meta, columnMetaData.compressedByteLength) > countedLevelsBytesMax) return undefined;
  const counts = countLevels(read, page, { codec: integerField(meta, columnMetaData.codec), leaf });
  return counts?.repetition[0];
}
