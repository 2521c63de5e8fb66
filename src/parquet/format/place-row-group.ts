import { editThriftStruct, type FieldEdit, type IntegerEdit, type StructEdits } from "./edit-thrift.ts";
import {
  columnChunk,
  columnMetaData,
  fileMetaData,
  offsetIndexField,
  pageLocation,
  rowGroupField,
} from "./footer-fields.ts";
import { footerBytes, magic } from "./footer.ts";
import { chunkEnd, scanRowGroup } from "./scan-row-group.ts";
import { ThriftCursor } from "./thrift-cursor.ts";
import { decodeThriftStruct, encodeThriftStruct, thriftType } from "./thrift.ts";
import { integerField, listField, setInteger } from "./thrift-fields.ts";

/* Moving a row group from a file of its own into another file. */

/** A row group and its position in a file. */
export interface PlacedRowGroup {
  readonly rowCount: number;
  /** The declared size of its values in bytes, encoded and not compressed. */
  readonly byteLength: number;
  /** Its `RowGroup` struct, encoded, as yet without the places of its page indexes. */
  readonly encoded: Uint8Array;
  /** The page indexes of the column chunks; empty if there are none, undefined for a chunk without one. */
  readonly indexes: readonly PageIndexes[];
}

/** The page indexes of a column chunk, encoded. */
export interface PageIndexes {
  readonly columnIndex: Uint8Array | undefined;
  readonly offsetIndex: Uint8Array | undefined;
}

/** The position of a row group. */
export interface RowGroupPlace {
  /** Of its pages, in bytes from the start of the file. */
  readonly byteOffset: number;
  /** Its number in the file, from 0. */
  readonly index: number;
}

/** Row groups are numbered as i16. */
const ordinalMax = 32_767;

/** A row group that was taken out of its file. */
export interface TakenRowGroup {
  readonly placed: PlacedRowGroup;
  /** The pages of its column chunks: a view of the file. */
  readonly pages: Uint8Array;
}

/**
 * Takes the row group out of a file of one row group. Page indexes are left out if each chunk has only one page: they
 * would say what the chunk says.
 *
 * @param file - a whole Parquet file without bloom filters
 * @param byteOffset - the new position of its pages
 * @returns undefined if the file has no row group
 * @throws RangeError if the file has several row groups
 */
export function takeRowGroup(file: Uint8Array, byteOffset: number): TakenRowGroup | undefined {
  const [group, second] = encodedRowGroups(footerBytes(file));
  if (second !== undefined) throw new RangeError("a file of one row group has several");
  if (group === undefined) return undefined;
  const { rowCount, byteLength, chunks } = scanRowGroup(group);
  const pagesEnd = Math.max(magic.byteLength, ...chunks.map(chunkEnd));
  const views = readIndexes(group, (start, end) => file.subarray(start, end));
  const isIndexed = views.some(({ offsetIndex }) => offsetIndex !== undefined && countPages(offsetIndex) > 1);
  const indexes = isIndexed ? views.map(copyIndexes) : [];
  const taken = { rowCount, byteLength, encoded: group, indexes };
  const chunkEdits = isIndexed ? undefined : withoutIndexes;
  return {
    placed: shiftRowGroup(taken, byteOffset - magic.byteLength, { chunkEdits }),
    pages: file.subarray(magic.byteLength, pagesEnd),
  };
}

/**
 * Joins row groups that have different columns of the same rows, and their places in one file.
 *
 * @param groups - at least one, in the order of the columns
 */
export function joinRowGroups(groups: readonly PlacedRowGroup[]): PlacedRowGroup {
  const [first, ...others] = groups;
  if (first === undefined) throw new RangeError("there are no row groups to join");
  if (others.length === 0) return first;
  const structs = groups.map(({ encoded }) =>
    decodeThriftStruct(encoded, { encodedElementsOf: [rowGroupField.columns] }),
  );
  const chunks = structs.map((struct) => listField(struct, rowGroupField.columns).elements);
  const joined = new Map(structs[0]).set(rowGroupField.columns, {
    type: thriftType.list,
    value: { elementType: thriftType.struct, elements: chunks.flat() },
  });
  for (const id of [rowGroupField.byteLength, rowGroupField.compressedByteLength]) {
    if (!joined.has(id)) continue;
    setInteger(joined, id, BigInt(structs.reduce((sum, struct) => sum + integerField(struct, id), 0)));
  }
  const isIndexed = groups.some(({ indexes }) => indexes.length > 0);
  const indexesOf = ({ indexes }: PlacedRowGroup, i: number): readonly PageIndexes[] =>
    indexes.length > 0 ? indexes : chunks[i]!.map(() => ({ columnIndex: undefined, offsetIndex: undefined }));
  return {
    rowCount: first.rowCount,
    byteLength: groups.reduce((sum, group) => sum + group.byteLength, 0),
    encoded: encodeThriftStruct(joined),
    indexes: isIndexed ? groups.flatMap(indexesOf) : [],
  };
}

/**
 * Gives a row group its place in a file. All offsets are adjusted, in its struct and in the page indexes.
 *
 * @param group - a row group whose pages follow the magic
 */
export function placeRowGroup(group: PlacedRowGroup, { byteOffset, index }: RowGroupPlace): PlacedRowGroup {
  // The first row group stays where it is. Small files have no other.
  if (byteOffset === magic.byteLength && index === 0) return group;
  const toOrdinal = (): number | undefined => (index <= ordinalMax ? index : undefined);
  return shiftRowGroup(group, byteOffset - magic.byteLength, { toOrdinal });
}

/**
 * Moves a row group of a file.
 *
 * @param group - encoded
 * @param amount - in bytes, negative towards the start
 * @param read - reads a page index, from `start` to `end` (exclusive) of the file that it has been in
 */
export function moveRowGroup(
  group: Uint8Array,
  amount: number,
  read: (start: number, end: number) => Uint8Array,
): PlacedRowGroup {
  const { rowCount, byteLength } = scanRowGroup(group);
  return shiftRowGroup({ rowCount, byteLength, encoded: group, indexes: readIndexes(group, read) }, amount);
}

/** Moves the pages of an encoded offset index. @param amount - in bytes */
export function moveOffsetIndex(index: Uint8Array, amount: number): Uint8Array {
  const location: StructEdits = new Map([[pageLocation.offset, (offset: number) => offset + amount]]);
  return editThriftStruct(index, new Map([[offsetIndexField.pageLocations, { element: () => location }]]));
}

/** The fields of a column chunk that locate its page indexes. */
const indexFields = [
  columnChunk.offsetIndexOffset,
  columnChunk.offsetIndexLength,
  columnChunk.columnIndexOffset,
  columnChunk.columnIndexLength,
];

const withoutIndexes: StructEdits = new Map(indexFields.map((id) => [id, () => undefined]));

/** Other changes of a row group. */
interface OtherEdits {
  /** The changes of each column chunk. */
  readonly chunkEdits?: StructEdits | undefined;
  readonly toOrdinal?: IntegerEdit;
}

/** Adds to every offset of a row group. */
function shiftRowGroup(
  { rowCount, byteLength, encoded, indexes }: PlacedRowGroup,
  amount: number,
  { chunkEdits = new Map(), toOrdinal = (ordinal) => ordinal }: OtherEdits = {},
): PlacedRowGroup {
  const move = (offset: number): number => offset + amount;
  // Newer writers set 0 here, which says that the metadata is in the footer alone.
  const moveMetadata = (offset: number): number => (offset === 0 ? 0 : offset + amount);
  const pageOffsets = [
    columnMetaData.dataPageOffset,
    columnMetaData.indexPageOffset,
    columnMetaData.dictionaryPageOffset,
  ];
  const allChunkEdits: StructEdits = new Map<number, FieldEdit>([
    [columnChunk.fileOffset, moveMetadata],
    [columnChunk.metaData, new Map(pageOffsets.map((id) => [id, move] as const))],
    ...chunkEdits,
  ]);
  const edits = new Map<number, FieldEdit>([
    [rowGroupField.columns, { element: () => allChunkEdits }],
    [rowGroupField.fileOffset, move],
    [rowGroupField.ordinal, toOrdinal],
  ]);
  return {
    rowCount,
    byteLength,
    encoded: editThriftStruct(encoded, edits),
    indexes: indexes.map(({ columnIndex, offsetIndex }) => ({
      columnIndex,
      offsetIndex: offsetIndex && moveOffsetIndex(offsetIndex, amount),
    })),
  };
}

/** Returns the encoded row groups of a footer. They are views of it. */
function encodedRowGroups(footer: Uint8Array): Uint8Array[] {
  const cursor = new ThriftCursor(footer);
  const groups: Uint8Array[] = [];
  cursor.struct((id) => {
    if (id !== fileMetaData.rowGroups) return false;
    cursor.list((_, elementType) => {
      const start = cursor.byteOffset;
      cursor.skip(elementType);
      groups.push(footer.subarray(start, cursor.byteOffset));
      return true;
    });
    return true;
  });
  return groups;
}

/** Reads the page indexes of each column chunk of an encoded row group. */
function readIndexes(group: Uint8Array, read: (start: number, end: number) => Uint8Array): PageIndexes[] {
  const cursor = new ThriftCursor(group);
  const chunks: PageIndexes[] = [];
  cursor.struct((id) => {
    if (id !== rowGroupField.columns) return false;
    cursor.list(() => {
      const [offsetStart, offsetLength, columnStart, columnLength] = readIndexFields(cursor);
      chunks.push({
        columnIndex: readIndex(read, columnStart, columnLength),
        offsetIndex: readIndex(read, offsetStart, offsetLength),
      });
      return true;
    });
    return true;
  });
  return chunks;
}

function readIndexFields(cursor: ThriftCursor): (number | undefined)[] {
  const values: (number | undefined)[] = indexFields.map(() => undefined);
  cursor.struct((field) => {
    const place = indexFields.findIndex((id) => id === field);
    if (place === -1) return false;
    values[place] = cursor.integer();
    return true;
  });
  return values;
}

function readIndex(
  read: (start: number, end: number) => Uint8Array,
  start: number | undefined,
  byteLength: number | undefined,
): Uint8Array | undefined {
  if (start === undefined) return undefined;
  if (byteLength === undefined) throw new RangeError("a page index has no length");
  return read(start, start + byteLength);
}

/** Copies the indexes out of the memory of their file. */
function copyIndexes({ columnIndex, offsetIndex }: PageIndexes): PageIndexes {
  return { columnIndex: columnIndex?.slice(), offsetIndex: offsetIndex?.slice() };
}

/** Counts the pages of an encoded offset index. */
function countPages(offsetIndex: Uint8Array): number {
  const cursor = new ThriftCursor(offsetIndex);
  let count = 0;
  cursor.struct((id) => {
    if (id !== offsetIndexField.pageLocations) return false;
    cursor.list(() => (count++, false));
    return true;
  });
  return count;
}
