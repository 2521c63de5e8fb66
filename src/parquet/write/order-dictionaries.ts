import { constants, zstdCompressSync } from "node:zlib";
import { decodeSchema, decodeIpcStream, type Field } from "../../arrow/index.ts";
import { joinPieces } from "../../flight/index.ts";
import { decompressPage } from "../format/decompress-page.ts";
import { indexBitsMax, indexBitWidth, remapIndices } from "../format/dictionary-indices.ts";
import { encodings } from "../format/encodings.ts";
import {
  columnChunk,
  columnMetaData,
  dictionaryPage,
  fileMetaData,
  pageHeader,
  rowGroupField,
} from "../format/footer-fields.ts";
import { chunkRange, decodeFooter } from "../format/footer.ts";
import { pageEncoding, skipLevels } from "../format/page-values.ts";
import { pageKinds, readPageHeaders, type ScannedPage } from "../format/scan-pages.ts";
import { findSchemaLeaves, type SchemaLeaf } from "../format/schema-leaves.ts";
import { mapLeaves } from "../format/shown-leaves.ts";
import { encodeThriftStruct, thriftType, type ThriftStruct } from "../format/thrift.ts";
import { integerField, structField, structListField } from "../format/thrift-fields.ts";
import { decodePlainKeys, type DictionaryValues } from "./dictionary-values.ts";
import { replaceChunks, type ReplacedChunk, type ReplacedPage } from "./replace-chunks.ts";

/**
 * Writes the complete dictionaries, in their original order, into the dictionary pages of a file with one row group, as
 * pyarrow does. parquet-wasm writes only the values that rows use, in the order of the rows. Readers that compare
 * categories by position need the original order.
 *
 * @param stream - the IPC stream that the file was encoded from
 * @param values - the values of its dictionaries
 * @returns the same file if nothing changes
 */
export function orderDictionaries(
  file: Uint8Array,
  stream: Uint8Array,
  values: ReadonlyMap<bigint, DictionaryValues>,
): Uint8Array {
  if (values.size === 0) return file;
  const [first] = decodeIpcStream(stream);
  const dictionaryIds = findDictionaryIds(decodeSchema(first!.header).fields);
  const footer = decodeFooter(file);
  const [group] = structListField(footer, fileMetaData.rowGroups);
  if (group === undefined) return file;
  const leaves = findSchemaLeaves(structListField(footer, fileMetaData.schema));
  const replaced = structListField(group, rowGroupField.columns).map((chunk, i) => {
    const id = dictionaryIds[i];
    const own = id === undefined ? undefined : values.get(id);
    return own && orderChunk(file, chunk, leaves[i]!, own);
  });
  return replaced.some(Boolean) ? replaceChunks(file, footer, replaced) : file;
}

/** Returns the dictionary id of each leaf; undefined for a leaf without a dictionary. */
function findDictionaryIds(fields: readonly Field[]): (bigint | undefined)[] {
  const ids: (bigint | undefined)[] = [];
  mapLeaves(fields, (leaf) => {
    ids.push(leaf.dictionary?.id);
    return leaf;
  });
  return ids;
}

/** Returns the pages of a chunk with its dictionary in order; undefined if they do not change. */
function orderChunk(
  file: Uint8Array,
  chunk: ThriftStruct,
  leaf: SchemaLeaf,
  { plain, indices }: DictionaryValues,
): ReplacedChunk | undefined {
  const codec = integerField(structField(chunk, columnChunk.metaData), columnMetaData.codec);
  const [dictionary, ...pages] = readPageHeaders((start, end) => file.subarray(start, end), chunkRange(chunk));
  // If a dictionary has too many values, some pages contain plain values.
  if (dictionary?.kind !== pageKinds.dictionary || !pages.every(hasIndices)) return undefined;
  const written = contentOf(file, dictionary, codec);
  const bitWidth = indexBitWidth(indices.size);
  if (bitWidth > indexBitsMax || Buffer.compare(written, plain) === 0) return undefined;
  const map = Uint32Array.from(decodePlainKeys(written), (key) => {
    const index = indices.get(key);
    if (index === undefined) throw new RangeError("a dictionary page has a value that is not in its dictionary");
    return index;
  });
  const header = new Map(dictionary.header).set(pageHeader.dictionaryPage, {
    type: thriftType.struct,
    value: new Map(structField(dictionary.header, pageHeader.dictionaryPage)).set(dictionaryPage.valueCount, {
      type: thriftType.i32,
      value: BigInt(indices.size),
    }),
  });
  // parquet-wasm writes Snappy, which Node does not support.
  const isCompressed = codec !== uncompressed;
  const ordered = pages.map((page) => {
    const content = contentOf(file, page, codec);
    const encoded = skipLevels(content, structField(page.header, pageHeader.dataPage), leaf);
    if (encoded === undefined) throw new RangeError("a data page has levels of an unknown encoding");
    const levels = content.subarray(0, content.byteLength - encoded.byteLength);
    return toPage(page.header, [levels, remapIndices(encoded, map, bitWidth)], isCompressed);
  });
  return { codec: isCompressed ? zstd : uncompressed, pages: [toPage(header, [plain], isCompressed), ...ordered] };
}

/** The Parquet numbers of the codecs. */
const uncompressed = 0;
const zstd = 6;

/** The fastest level that compresses well. Each page is written once, in a worker that other jobs wait for. */
const zstdOptions = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

function hasIndices(page: ScannedPage): boolean {
  const encoding = pageEncoding(page);
  return (
    page.kind === pageKinds.data && (encoding === encodings.plainDictionary || encoding === encodings.rleDictionary)
  );
}

function contentOf(file: Uint8Array, page: ScannedPage, codec: number): Uint8Array {
  const start = page.byteOffset + page.headerByteLength;
  const content = file.subarray(start, start + page.contentByteLength);
  const whole = decompressPage(codec, content, integerField(page.header, pageHeader.uncompressedByteLength));
  if (whole === undefined) throw new RangeError("a page has a codec that was not asked for");
  return whole;
}

function toPage(header: ThriftStruct, pieces: readonly Uint8Array[], isCompressed: boolean): ReplacedPage {
  const content = joinPieces(pieces);
  const stored = isCompressed ? zstdCompressSync(content, zstdOptions) : content;
  const size = (value: number) => ({ type: thriftType.i32, value: BigInt(value) });
  const own = new Map(header)
    .set(pageHeader.uncompressedByteLength, size(content.byteLength))
    .set(pageHeader.compressedByteLength, size(stored.byteLength));
  own.delete(pageHeader.checksum);
  const encoded = encodeThriftStruct(own);
  return {
    bytes: joinPieces([encoded, stored]),
    uncompressedByteLength: encoded.byteLength + content.byteLength,
  };
}
