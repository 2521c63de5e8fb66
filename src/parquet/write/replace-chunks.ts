import {
  columnChunk,
  columnMetaData,
  fileMetaData,
  offsetIndexField,
  pageLocation,
  rowGroupField,
} from "../format/footer-fields.ts";
import { joinPieces } from "../../flight/index.ts";
import { chunkRange, encodeFileEnd, magic } from "../format/footer.ts";
import { moveOffsetIndex } from "../format/place-row-group.ts";
import { decodeThriftStruct, encodeThriftStruct, thriftType, type ThriftStruct } from "../format/thrift.ts";
import {
  integerField,
  moveInteger,
  optionalInteger,
  setInteger,
  structField,
  structListField,
} from "../format/thrift-fields.ts";

/** A page with its header. */
export interface ReplacedPage {
  readonly bytes: Uint8Array;
  /** The length of header and uncompressed content. */
  readonly uncompressedByteLength: number;
}

/** The replacement of a column chunk. */
export interface ReplacedChunk {
  /** The Parquet number of the codec. */
  readonly codec: number;
  /** The dictionary page, then as many data pages as the chunk had. */
  readonly pages: readonly ReplacedPage[];
}

/**
 * Replaces the pages of column chunks in a file with one row group, and adjusts all offsets.
 *
 * @param footer - the footer of the file; it is changed
 * @param replaced - the replacement of each chunk; undefined for an unchanged chunk
 */
export function replaceChunks(
  file: Uint8Array,
  footer: ThriftStruct,
  replaced: readonly (ReplacedChunk | undefined)[],
): Uint8Array {
  const [group] = structListField(footer, fileMetaData.rowGroups);
  const pieces: Uint8Array[] = [magic];
  let byteOffset = magic.byteLength;
  const indexes = structListField(group!, rowGroupField.columns).map((chunk, i) => {
    const { start, end } = chunkRange(chunk);
    const index = readIndexes(file, chunk);
    const own = replaced[i];
    const pages = own?.pages.map(({ bytes }) => bytes);
    const from = byteOffset;
    moveChunk(chunk, BigInt(from - start));
    for (const piece of pages ?? [file.subarray(start, end)]) {
      pieces.push(piece);
      byteOffset += piece.byteLength;
    }
    if (own) resize(group!, chunk, own, from);
    if (index.offsetIndex === undefined) return index;
    return {
      ...index,
      offsetIndex: pages ? locate(index.offsetIndex, from, pages) : moveOffsetIndex(index.offsetIndex, from - start),
    };
  });
  setInteger(group!, rowGroupField.fileOffset, BigInt(magic.byteLength));
  const rowGroups = [
    { rowCount: integerField(group!, rowGroupField.rowCount), encoded: encodeThriftStruct(group!), indexes },
  ];
  return joinPieces([...pieces, ...encodeFileEnd({ template: footer, rowGroups, byteOffset })]);
}

/** Updates the sizes of a chunk and of its row group. */
function resize(group: ThriftStruct, chunk: ThriftStruct, { codec, pages }: ReplacedChunk, byteOffset: number): void {
  const meta = structField(chunk, columnChunk.metaData);
  const sum = (sizeOf: (page: ReplacedPage) => number): bigint =>
    BigInt(pages.reduce((total, page) => total + sizeOf(page), 0));
  for (const [groupId, id, byteLength] of [
    [rowGroupField.byteLength, columnMetaData.uncompressedByteLength, sum((page) => page.uncompressedByteLength)],
    [rowGroupField.compressedByteLength, columnMetaData.compressedByteLength, sum((page) => page.bytes.byteLength)],
  ] as const) {
    moveInteger(group, groupId, byteLength - (optionalInteger(meta, id) ?? 0n));
    setInteger(meta, id, byteLength);
  }
  meta.set(columnMetaData.codec, { type: thriftType.i32, value: BigInt(codec) });
  setInteger(meta, columnMetaData.dictionaryPageOffset, BigInt(byteOffset));
  setInteger(meta, columnMetaData.dataPageOffset, BigInt(byteOffset + pages[0]!.bytes.byteLength));
}

function readIndexes(file: Uint8Array, chunk: ThriftStruct) {
  const read = (offsetId: number, lengthId: number): Uint8Array | undefined => {
    if (!chunk.has(offsetId)) return undefined;
    const start = integerField(chunk, offsetId);
    return file.subarray(start, start + integerField(chunk, lengthId));
  };
  return {
    columnIndex: read(columnChunk.columnIndexOffset, columnChunk.columnIndexLength),
    offsetIndex: read(columnChunk.offsetIndexOffset, columnChunk.offsetIndexLength),
  };
}

/** Returns an offset index for replaced pages. @param start - the offset of the dictionary page, which is the first */
function locate(offsetIndex: Uint8Array, start: number, [dictionary, ...pages]: readonly Uint8Array[]): Uint8Array {
  const index = decodeThriftStruct(offsetIndex);
  let byteOffset = start + dictionary!.byteLength;
  structListField(index, offsetIndexField.pageLocations).forEach((location, i) => {
    const { byteLength } = pages[i]!;
    setInteger(location, pageLocation.offset, BigInt(byteOffset));
    setInteger(location, pageLocation.byteLength, BigInt(byteLength));
    byteOffset += byteLength;
  });
  return encodeThriftStruct(index);
}

/** Moves the pages of a chunk, in its struct. */
function moveChunk(chunk: ThriftStruct, amount: bigint): void {
  // Newer writers set 0 here, which says that the metadata is in the footer alone.
  if (optionalInteger(chunk, columnChunk.fileOffset) !== 0n) moveInteger(chunk, columnChunk.fileOffset, amount);
  const meta = structField(chunk, columnChunk.metaData);
  moveInteger(meta, columnMetaData.dataPageOffset, amount);
  moveInteger(meta, columnMetaData.indexPageOffset, amount);
  moveInteger(meta, columnMetaData.dictionaryPageOffset, amount);
}
