import {
  columnChunk,
  columnMetaData,
  fileMetaData,
  offsetIndexField,
  pageLocation,
  rowGroupField,
} from "../format/footer-fields.ts";
import { joinPieces } from "../../flight/index.ts";
import { chunkRange, encodeFileEnd, magic, moveChunk } from "../format/footer.ts";
import { decodeThriftStruct, encodeThriftStruct, thriftType, type ThriftStruct } from "../format/thrift.ts";
import {
  integerField,
  moveInteger,
  optionalInteger,
  setInteger,
  structField,
  structListField,
} from "../format/thrift-fields.ts";

/**
 * Puts other pages into the chunks of a file of one row group, which are not compressed then; all else moves along.
 *
 * @param footer - of the file; it is changed
 * @param replaced - for each chunk its pages, the dictionary first and then as many as it had; undefined where it stays
 */
export function replaceChunks(
  file: Uint8Array,
  footer: ThriftStruct,
  replaced: readonly (readonly Uint8Array[] | undefined)[],
): Uint8Array {
  const [group] = structListField(footer, fileMetaData.rowGroups);
  const pieces: Uint8Array[] = [magic];
  let byteOffset = magic.byteLength;
  const indexes = structListField(group!, rowGroupField.columns).map((chunk, i) => {
    const { start, end } = chunkRange(chunk);
    const index = readIndexes(file, chunk);
    const pages = replaced[i];
    const from = byteOffset;
    moveChunk(chunk, BigInt(from - start));
    for (const piece of pages ?? [file.subarray(start, end)]) {
      pieces.push(piece);
      byteOffset += piece.byteLength;
    }
    if (pages) resize(group!, chunk, pages, from);
    if (index.offsetIndex === undefined) return index;
    return {
      ...index,
      offsetIndex: pages ? locate(index.offsetIndex, from, pages) : move(index.offsetIndex, from - start),
    };
  });
  setInteger(group!, rowGroupField.fileOffset, BigInt(magic.byteLength));
  const rowGroups = [
    { rowCount: integerField(group!, rowGroupField.rowCount), encoded: encodeThriftStruct(group!), indexes },
  ];
  return joinPieces([...pieces, ...encodeFileEnd({ template: footer, rowGroups, byteOffset })]);
}

/** Says of a chunk, and of its row group, how long it is by now. */
function resize(group: ThriftStruct, chunk: ThriftStruct, pages: readonly Uint8Array[], byteOffset: number): void {
  const meta = structField(chunk, columnChunk.metaData);
  const byteLength = BigInt(pages.reduce((sum, page) => sum + page.byteLength, 0));
  const grown = (id: number): bigint => byteLength - (optionalInteger(meta, id) ?? 0n);
  moveInteger(group, rowGroupField.byteLength, grown(columnMetaData.uncompressedByteLength));
  moveInteger(group, rowGroupField.compressedByteLength, grown(columnMetaData.compressedByteLength));
  meta.set(columnMetaData.codec, { type: thriftType.i32, value: 0n });
  setInteger(meta, columnMetaData.uncompressedByteLength, byteLength);
  setInteger(meta, columnMetaData.compressedByteLength, byteLength);
  setInteger(meta, columnMetaData.dictionaryPageOffset, BigInt(byteOffset));
  setInteger(meta, columnMetaData.dataPageOffset, BigInt(byteOffset + pages[0]!.byteLength));
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

/** An index of the same pages, which are elsewhere. */
function move(offsetIndex: Uint8Array, amount: number): Uint8Array {
  const index = decodeThriftStruct(offsetIndex);
  for (const location of structListField(index, offsetIndexField.pageLocations)) {
    moveInteger(location, pageLocation.offset, BigInt(amount));
  }
  return encodeThriftStruct(index);
}

/** An index of other pages in the place of those that it has. @param start - where they begin, a dictionary before all */
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
