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
 * Gives the dictionaries of a file of one row group all values that they came with, in their order, as pyarrow writes
 * them: parquet-wasm writes those that rows have, as these come. What compares by its place among the categories compares
 * by it then.
 *
 * @param stream - the IPC stream that the file was made of
 * @param values - of its dictionaries
 * @returns the file itself where nothing is otherwise
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

/** The dictionary of each leaf; undefined where it has none. */
function findDictionaryIds(fields: readonly Field[]): (bigint | undefined)[] {
  const ids: (bigint | undefined)[] = [];
  mapLeaves(fields, (leaf) => {
    ids.push(leaf.dictionary?.id);
    return leaf;
  });
  return ids;
}

/** The pages of a chunk with its values in their order; undefined where they stay. */
function orderChunk(
  file: Uint8Array,
  chunk: ThriftStruct,
  leaf: SchemaLeaf,
  { plain, indices }: DictionaryValues,
): ReplacedChunk | undefined {
  const codec = integerField(structField(chunk, columnChunk.metaData), columnMetaData.codec);
  const [dictionary, ...pages] = readPageHeaders((start, end) => file.subarray(start, end), chunkRange(chunk));
  // Where there are too many values for a dictionary, the others stand in the pages.
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
  // parquet-wasm writes Snappy, which Node does not have.
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

/** As Parquet numbers codecs. */
const uncompressed = 0;
const zstd = 6;

/** The fastest that compresses well: pages are written once, in a worker that others wait for. */
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
