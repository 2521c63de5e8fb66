import { createHash } from "node:crypto";
import { columnChunk, columnMetaData, fileMetaData, keyValue, rowGroupField } from "./footer-fields.ts";
import { editThriftStruct, type StructEdits } from "./edit-thrift.ts";
import type { PlacedRowGroup } from "./place-row-group.ts";
import { isDictionaryOffset } from "./scan-row-group.ts";
import { decodeThriftStruct, encodeThriftStruct, thriftType, type ThriftStruct } from "./thrift.ts";
import { integerField, listField, optionalInteger, structField, structListField } from "./thrift-fields.ts";

/* Putting one Parquet file together from row groups that were each encoded as a file of their own. */

const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder();
/** The magic at the start and end of a Parquet file. */
export const magic = textEncoder.encode("PAR1");
/** Bytes behind a footer: its length and the magic. */
export const tailByteLength = 8;

/**
 * Decodes the footer of a file, or of the end of a file, in memory. The result shares no memory with it. @throws
 * RangeError if there is no footer
 */
export function decodeFooter(file: Uint8Array): ThriftStruct {
  return decodeThriftStruct(footerBytes(file));
}

/** Decodes a footer, but leaves its row groups encoded. Decoded, they need a hundred times their bytes. */
export function decodeFooterOnly(file: Uint8Array): ThriftStruct {
  return decodeThriftStruct(footerBytes(file), { encodedElementsOf: [fileMetaData.rowGroups] });
}

/**
 * Decodes a footer for `encodeFileEnd`. The nodes of its schema stay encoded, too: wide files have thousands of them, and
 * they are written as they came.
 */
export function decodeFooterTemplate(file: Uint8Array): ThriftStruct {
  const { schema, rowGroups, columnOrders } = fileMetaData;
  return decodeThriftStruct(footerBytes(file), { encodedElementsOf: [schema, rowGroups, columnOrders] });
}

/** The bytes of the footer at the end of a file in memory; a copy. @throws RangeError if there is none */
export function footerBytes(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const end = file.byteLength - tailByteLength;
  const start = end < 0 ? -1 : end - view.getUint32(end, true);
  if (start < 0) throw new RangeError("a Parquet file has no footer");
  return file.slice(start, end);
}

/** The size of a column chunk in bytes, and its position. */
export interface ColumnChunkSize {
  /** The column's name, then those of the nested fields down to the chunk's own. */
  readonly path: readonly string[];
  readonly uncompressedByteLength: number;
  readonly compressedByteLength: number;
}

/** The sizes of the column chunks of a footer's first row group. */
export function columnChunkSizes(footer: ThriftStruct): ColumnChunkSize[] {
  const [group] = structListField(footer, fileMetaData.rowGroups);
  if (group === undefined) return [];
  return structListField(group, rowGroupField.columns).map((chunk) => {
    const meta = structField(chunk, columnChunk.metaData);
    return {
      path: listField(meta, columnMetaData.path).elements.map((name) => textDecoder.decode(name as Uint8Array)),
      uncompressedByteLength: integerField(meta, columnMetaData.uncompressedByteLength),
      compressedByteLength: integerField(meta, columnMetaData.compressedByteLength),
    };
  });
}

/**
 * Returns a digest of everything in a footer that the schema of a file is read from. Files of this process with the same
 * digest have the same schema.
 */
export function schemaDigest(template: ThriftStruct): string {
  const rest = new Map(template);
  rest.delete(fileMetaData.rowCount);
  rest.delete(fileMetaData.rowGroups);
  return createHash("sha256").update(encodeThriftStruct(rest)).digest("base64");
}

/** The parts after the pages of the last row group. */
export interface FileEnd {
  /** The footer of a file with the same schema and metadata. It provides everything except row groups. */
  readonly template: ThriftStruct;
  /** The row groups, in order; their pages are not needed any more. */
  readonly rowGroups: readonly Pick<PlacedRowGroup, "rowCount" | "encoded" | "indexes">[];
  /** The position of the end, in bytes from the start of the file. */
  readonly byteOffset: number;
}

/**
 * Encodes the end of a file: the page indexes, which are all in one place because readers fetch everything
 * between the first and the last of them, the footer, its length and the magic.
 *
 * @returns the pieces, in order
 */
export function encodeFileEnd({ template, rowGroups, byteOffset }: FileEnd): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let end = byteOffset;
  const append = (piece: Uint8Array | undefined): IndexPlace => {
    const place = { byteOffset: end, byteLength: piece?.byteLength ?? 0 };
    if (piece !== undefined) pieces.push(piece);
    end += place.byteLength;
    return place;
  };
  const encodedGroups = rowGroups.map(({ encoded, indexes }) => {
    const places = indexes.map(({ columnIndex, offsetIndex }) => [append(columnIndex), append(offsetIndex)] as const);
    return placeIndexes(encoded, places);
  });
  const footer: ThriftStruct = new Map(template);
  const rowCount = rowGroups.reduce((sum, group) => sum + BigInt(group.rowCount), 0n);
  footer.set(fileMetaData.rowCount, { type: thriftType.i64, value: rowCount });
  const groups = { elementType: thriftType.struct, elements: encodedGroups };
  footer.set(fileMetaData.rowGroups, { type: thriftType.list, value: groups });
  return [...pieces, ...encodeFooter(footer)];
}

/** The position of a page index in a file. */
interface IndexPlace {
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** Sets the places of the page indexes of an encoded row group: for each chunk, of its column index and offset index. */
function placeIndexes(group: Uint8Array, places: readonly (readonly [IndexPlace, IndexPlace])[]): Uint8Array {
  if (places.length === 0) return group;
  const element = (index: number): StructEdits => {
    const [columnIndex, offsetIndex] = places[index]!;
    return new Map([
      [columnChunk.columnIndexOffset, () => columnIndex.byteOffset],
      [columnChunk.columnIndexLength, () => columnIndex.byteLength],
      [columnChunk.offsetIndexOffset, () => offsetIndex.byteOffset],
      [columnChunk.offsetIndexLength, () => offsetIndex.byteLength],
    ]);
  };
  return editThriftStruct(group, new Map([[rowGroupField.columns, { element }]]));
}

/** Encodes a footer, its length and the magic: the pieces, in order. */
export function encodeFooter(footer: ThriftStruct): [footer: Uint8Array, tail: Uint8Array] {
  const encoded = encodeThriftStruct(footer);
  const tail = new Uint8Array(tailByteLength);
  new DataView(tail.buffer).setUint32(0, encoded.byteLength, true);
  tail.set(magic, 4);
  return [encoded, tail];
}

/** Returns a footer with an extension, which other readers skip. */
export function extendFooter(footer: ThriftStruct, extension: Uint8Array): ThriftStruct {
  return new Map(footer).set(fileMetaData.extension, { type: thriftType.binary, value: extension });
}

/** Returns the extension of an encoded footer; undefined if it has none. The rest of the footer is not decoded. */
export function extensionOf(file: Uint8Array): Uint8Array | undefined {
  const value = decodeFooterTemplate(file).get(fileMetaData.extension)?.value;
  return value instanceof Uint8Array ? value : undefined;
}

/** The key of the metadata in which Arrow's writers keep their schema, as an IPC message in base64. */
export const arrowSchemaKey = "ARROW:schema";

/** The description of the columns besides Parquet's own schema. */
export interface ArrowDescription {
  /** The Arrow schema as an encapsulated IPC message. */
  readonly message: Uint8Array;
  /** The metadata of that schema: GeoParquet, pandas and others look for theirs in the footer itself. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** A footer with this Arrow schema in its key-value metadata, and the metadata of the schema beside it, as pyarrow writes them. */
export function describeColumns(footer: ThriftStruct, { message, metadata }: ArrowDescription): ThriftStruct {
  const entries = new Map(metadata).set(arrowSchemaKey, Buffer.from(message).toString("base64"));
  const elements = [...entries].map(
    ([key, value]): ThriftStruct =>
      new Map([
        [keyValue.key, { type: thriftType.binary, value: textEncoder.encode(key) }],
        [keyValue.value, { type: thriftType.binary, value: textEncoder.encode(value) }],
      ]),
  );
  return new Map(footer).set(fileMetaData.keyValueMetadata, {
    type: thriftType.list,
    value: { elementType: thriftType.struct, elements },
  });
}

/** The Arrow schemas in a footer, in base64. A valid footer has at most one. */
export function arrowSchemaTexts(footer: ThriftStruct): Uint8Array[] {
  if (!footer.has(fileMetaData.keyValueMetadata)) return [];
  return structListField(footer, fileMetaData.keyValueMetadata).flatMap((entry) => {
    const key = entry.get(keyValue.key)?.value;
    const value = entry.get(keyValue.value)?.value;
    const isSchema = key instanceof Uint8Array && textDecoder.decode(key) === arrowSchemaKey;
    return isSchema && value instanceof Uint8Array ? [value] : [];
  });
}

/** A footer that has this Arrow schema, and no other. @param message - the schema as an encapsulated IPC message */
export function replaceArrowSchema(footer: ThriftStruct, message: Uint8Array): ThriftStruct {
  const value = Buffer.from(Buffer.from(message).toString("base64"));
  const has = footer.has(fileMetaData.keyValueMetadata);
  const others = (has ? structListField(footer, fileMetaData.keyValueMetadata) : []).filter((entry) => {
    const key = entry.get(keyValue.key)?.value;
    return !(key instanceof Uint8Array) || textDecoder.decode(key) !== arrowSchemaKey;
  });
  const own: ThriftStruct = new Map([
    [keyValue.key, { type: thriftType.binary, value: Buffer.from(arrowSchemaKey) }],
    [keyValue.value, { type: thriftType.binary, value }],
  ]);
  const elements = [...others, own];
  return new Map(footer).set(fileMetaData.keyValueMetadata, {
    type: thriftType.list,
    value: { elementType: thriftType.struct, elements },
  });
}

/** Where a column chunk's pages are, in bytes from the start of the file; the end is exclusive. */
export function chunkRange(chunk: ThriftStruct): { start: number; end: number } {
  const meta = structField(chunk, columnChunk.metaData);
  const dictionary = Number(optionalInteger(meta, columnMetaData.dictionaryPageOffset) ?? 0n);
  const data = integerField(meta, columnMetaData.dataPageOffset);
  const start = isDictionaryOffset(dictionary, data) ? dictionary : data;
  return { start, end: start + integerField(meta, columnMetaData.compressedByteLength) };
}
