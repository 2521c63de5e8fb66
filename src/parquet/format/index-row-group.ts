import { chunkRange, encodeFileEnd } from "./footer.ts";
import {
  columnChunk,
  fileMetaData,
  offsetIndexField,
  pageLocation,
  rowGroupField,
  schemaElement,
} from "./footer-fields.ts";
import { indexedPagesMax } from "../limits.ts";
import { scanPages, type PageLocation, type ReadRange } from "./scan-pages.ts";
import { encodeThriftStruct, thriftType, type ThriftStruct } from "./thrift.ts";
import { integerField, optionalInteger, structListField } from "./thrift-fields.ts";

/** A file whose row groups have no page indexes. */
export interface UnindexedFile {
  readonly footer: ThriftStruct;
  readonly byteLength: number;
  readonly read: ReadRange;
}

/**
 * Makes the page index that the writer of a row group left out, so that a slice of it is read without all that is
 * before and behind.
 *
 * @returns what would stand behind the file if it ended in that index, and in a footer with that row group alone;
 * undefined where it has an index, or none can be made (`scanPages`)
 * @throws RangeError where footer or pages are not those of a Parquet file
 */
export function indexRowGroup({ footer, byteLength, read }: UnindexedFile, rowGroupIndex: number) {
  const group = structListField(footer, fileMetaData.rowGroups)[rowGroupIndex];
  if (group === undefined) return undefined;
  const chunks = structListField(group, rowGroupField.columns);
  if (chunks.every((chunk) => chunk.has(columnChunk.offsetIndexOffset))) return undefined;
  const rowCount = integerField(group, rowGroupField.rowCount);
  const areRepeated = findRepeatedLeaves(structListField(footer, fileMetaData.schema));
  const indexes: { columnIndex: undefined; offsetIndex: Uint8Array }[] = [];
  let pageCountMax = indexedPagesMax;
  for (const [i, chunk] of chunks.entries()) {
    const range = chunkRange(chunk);
    const pages = scanPages(read, { ...range, rowCount, isRepeated: areRepeated[i] ?? true, pageCountMax });
    if (pages === undefined) return undefined;
    pageCountMax -= pages.length;
    indexes.push({ columnIndex: undefined, offsetIndex: encodeOffsetIndex(pages) });
  }
  const bare = new Map(group).set(rowGroupField.columns, {
    type: thriftType.list,
    value: { elementType: thriftType.struct, elements: chunks.map(withoutIndexes) },
  });
  bare.delete(rowGroupField.ordinal);
  const rowGroups = [{ rowCount, encoded: encodeThriftStruct(bare), indexes }];
  return encodeFileEnd({ template: footer, rowGroups, byteOffset: byteLength });
}

function withoutIndexes(chunk: ThriftStruct): ThriftStruct {
  const bare = new Map(chunk);
  for (const id of [columnChunk.columnIndexOffset, columnChunk.columnIndexLength]) bare.delete(id);
  return bare;
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

/** As `FieldRepetitionType` numbers it. */
const repeated = 2n;

/** For each leaf of a schema, in order, whether it or something around it is repeated. */
function findRepeatedLeaves(elements: readonly ThriftStruct[]): boolean[] {
  const leaves: boolean[] = [];
  /** What is still open: children to come, and whether they are repeated. */
  const open: { childCount: number; isRepeated: boolean }[] = [];
  for (const [i, element] of elements.entries()) {
    const parent = open.at(-1);
    // The root has no repetition that would mean anything.
    const isRepeated =
      i > 0 && (parent?.isRepeated === true || optionalInteger(element, schemaElement.repetition) === repeated);
    if (parent) parent.childCount--;
    const childCount = Number(optionalInteger(element, schemaElement.childCount) ?? 0n);
    if (childCount > 0) open.push({ childCount, isRepeated });
    else if (i > 0) leaves.push(isRepeated);
    while (open.at(-1)?.childCount === 0) open.pop();
  }
  return leaves;
}
