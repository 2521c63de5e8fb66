import { dataPage, dataPageV2, pageHeader } from "./footer-fields.ts";
import { pageHeaderBytesMax, pageHeaderBytesRead } from "./limits.ts";
import { decodeThriftPrefix, type ThriftStruct } from "./thrift.ts";
import { integerField, structField } from "./thrift-fields.ts";

/** Where a data page is. */
export interface PageLocation {
  /** Of its header, in bytes from the start of the file. */
  readonly byteOffset: number;
  /** Of header and content. */
  readonly byteLength: number;
  /** From 0 in its row group. */
  readonly firstRow: number;
}

/** The pages of a column chunk, before they are looked at. */
export interface ChunkPages {
  /** In bytes from the start of the file; the end is exclusive. */
  readonly start: number;
  readonly end: number;
  /** The rows of its row group. */
  readonly rowCount: number;
  /** Whether a row may have several values, or none. */
  readonly isRepeated: boolean;
  /** The maximum number of data pages. A chunk with more is not scanned. */
  readonly pageCountMax: number;
}

/** Reads bytes of a file from `start` to `end` (exclusive). */
export type ReadRange = (start: number, end: number) => Uint8Array;

/** Kinds of pages, as their headers number them. */
export const pageKinds = { data: 0, dictionary: 2, dataV2: 3 } as const;

/** A page whose content has not been read. */
export interface ScannedPage {
  readonly header: ThriftStruct;
  /** As the header numbers it. */
  readonly kind: number;
  /** Of its header, in bytes from the start of the file. */
  readonly byteOffset: number;
  readonly headerByteLength: number;
  /** The size of the page after its header. */
  readonly contentByteLength: number;
}

/**
 * Reads the headers of the pages of a column chunk, one after another.
 *
 * @throws RangeError if a header is not valid, or if a page ends outside of the chunk
 */
export function* readPageHeaders(read: ReadRange, { start, end }: { start: number; end: number }) {
  for (let byteOffset = start; byteOffset < end;) {
    const { struct, byteLength } = readHeader(read, byteOffset, end);
    const contentByteLength = integerField(struct, pageHeader.compressedByteLength);
    const pageEnd = byteOffset + byteLength + contentByteLength;
    if (contentByteLength < 0 || pageEnd > end) throw new RangeError("a page does not end in its column chunk");
    const kind = integerField(struct, pageHeader.kind);
    yield { header: struct, kind, byteOffset, headerByteLength: byteLength, contentByteLength } as ScannedPage;
    byteOffset = pageEnd;
  }
}

/**
 * Finds the data pages of a column chunk by their headers, without reading the pages.
 *
 * @returns undefined if the headers are not sufficient: a version 1 page has rows of several values, or the row counts
 * do not match
 * @throws RangeError as `readPageHeaders`
 */
export function scanPages(read: ReadRange, chunk: ChunkPages): PageLocation[] | undefined {
  const { rowCount, isRepeated, pageCountMax } = chunk;
  const pages: PageLocation[] = [];
  let firstRow = 0;
  for (const { header, kind, byteOffset, headerByteLength, contentByteLength } of readPageHeaders(read, chunk)) {
    if (kind !== pageKinds.data && kind !== pageKinds.dataV2) continue;
    if (kind === pageKinds.data && isRepeated) return undefined;
    pages.push({ byteOffset, byteLength: headerByteLength + contentByteLength, firstRow });
    firstRow += pageRowCount(header, kind);
    if (pages.length > pageCountMax) return undefined;
  }
  return firstRow === rowCount ? pages : undefined;
}

/** The values of a page, nulls counted; none of one that is no data page. */
export function pageValueCount({ header, kind }: ScannedPage): number {
  if (kind === pageKinds.data) return integerField(structField(header, pageHeader.dataPage), dataPage.valueCount);
  if (kind === pageKinds.dataV2) return integerField(structField(header, pageHeader.dataPageV2), dataPageV2.valueCount);
  return 0;
}

/** Returns the rows of a data page. For lists in version 1, the header has only the number of values. */
export function pageRowCount(header: ThriftStruct, kind: number): number {
  // Without repetition a row has one value, nulls counted.
  return kind === pageKinds.data
    ? integerField(structField(header, pageHeader.dataPage), dataPage.valueCount)
    : integerField(structField(header, pageHeader.dataPageV2), dataPageV2.rowCount);
}

/** Reads a page header. Its length is not known before, and statistics can make it long. */
function readHeader(read: ReadRange, byteOffset: number, end: number) {
  for (let byteLength = pageHeaderBytesRead; ; byteLength *= 8) {
    const readEnd = Math.min(byteOffset + byteLength, end);
    try {
      return decodeThriftPrefix(read(byteOffset, readEnd));
    } catch (reason) {
      if (!(reason instanceof RangeError) || readEnd === end || byteLength >= pageHeaderBytesMax) throw reason;
    }
  }
}
