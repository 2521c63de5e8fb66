import { chunkRange, encodeFileEnd } from "./footer.ts";
import { columnChunk, fileMetaData, offsetIndexField, pageLocation, rowGroupField } from "./footer-fields.ts";
import { indexedPagesMax } from "./limits.ts";
import { findSchemaLeaves } from "./schema-leaves.ts";
import { scanPages, type PageLocation, type ReadRange } from "./scan-pages.ts";
import { encodeThriftStruct, thriftType, type ThriftStruct } from "./thrift.ts";
import { integerField, setInteger, structListField } from "./thrift-fields.ts";

/** A file whose row groups have no page indexes. */
export interface UnindexedFile {
  readonly footer: ThriftStruct;
  readonly byteLength: number;
  readonly read: ReadRange;
}

/**
 * Creates the page index for a row group without one, so that a slice does not need to read the pages around it.
 *
 * @returns the end of the file with that index, and a footer with only that row group; undefined if the row group has
 * an index, or if none can be created (`scanPages`)
 * @throws RangeError if the footer or the pages are not valid
 */
export function indexRowGroup({ footer, byteLength, read }: UnindexedFile, rowGroupIndex: number) {
  const group = structListField(footer, fileMetaData.rowGroups)[rowGroupIndex];
  if (group === undefined) return undefined;
  const chunks = structListField(group, rowGroupField.columns);
  if (chunks.every((chunk) => chunk.has(columnChunk.offsetIndexOffset))) return undefined;
  const rowCount = integerField(group, rowGroupField.rowCount);
  const leaves = findSchemaLeaves(structListField(footer, fileMetaData.schema));
  const indexes: { columnIndex: undefined; offsetIndex: Uint8Array }[] = [];
  let pageCountMax = indexedPagesMax;
  for (const [i, chunk] of chunks.entries()) {
    const range = chunkRange(chunk);
    const pages = scanPages(read, { ...range, rowCount, isRepeated: leaves[i]?.repetitionMax !== 0, pageCountMax });
    if (pages === undefined) return undefined;
    pageCountMax -= pages.length;
    indexes.push({ columnIndex: undefined, offsetIndex: encodeOffsetIndex(pages) });
  }
  const bare = new Map(group).set(rowGroupField.columns, {
    type: thriftType.list,
    value: { elementType: thriftType.struct, elements: chunks.map(withOffsetIndex) },
  });
  bare.delete(rowGroupField.ordinal);
  const rowGroups = [{ rowCount, encoded: encodeThriftStruct(bare), indexes }];
  return encodeFileEnd({ template: footer, rowGroups, byteOffset: byteLength });
}

/** Returns a chunk with fields for the place of an offset index, and without a column index. */
function withOffsetIndex(chunk: ThriftStruct): ThriftStruct {
  const indexed = new Map(chunk);
  for (const id of [columnChunk.columnIndexOffset, columnChunk.columnIndexLength]) indexed.delete(id);
  setInteger(indexed, columnChunk.offsetIndexOffset, 0n);
  indexed.set(columnChunk.offsetIndexLength, { type: thriftType.i32, value: 0n });
  return indexed;
}

function encodeOffsetIndex(pages: readonly PageLocation[]): Uint8Array {
  const elements = pages.map(
    ({ byteOffset, byteLength, firstRow }): ThriftStruct =>
      new Map([
        [pageLocation.offset, { type: thriftType.i64, value: BigInt(byteOffset) }],
        [pageLocation.byteLength, { type: thriftType.i32, value: BigInt(byteLength) }],
        [pageLocation.firstRow, { type: thriftType.i64, value: BigInt(firstRow) }],
      ]),
  );
  const locations = { type: thriftType.list, value: { elementType: thriftType.struct, elements } };
  return encodeThriftStruct(new Map([[offsetIndexField.pageLocations, locations]]));
}
