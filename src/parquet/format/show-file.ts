import { decodeSchema, decodeSchemaMessage, encodeSchema, encodeSchemaMessage, type Field } from "../../arrow/index.ts";
import { joinPieces } from "../../flight/index.ts";
import { createJoinedSource, type ByteSource } from "./byte-source.ts";
import { assertArrowSchema, assertFooter } from "./assert-footer.ts";
import { findFooter } from "./find-footer.ts";
import { columnChunk, columnMetaData, fileMetaData, rowGroupField, schemaElement } from "./footer-fields.ts";
import { arrowSchemaMessage, encodeFooter, isDictionaryOffset, replaceArrowSchema } from "./footer.ts";
import { scanRowGroup, type ChunkTraits, type RowGroupScan } from "./scan-row-group.ts";
import { findRefusals } from "./find-refusals.ts";
import { elementName, findColumnElements, findSchemaLeaves } from "./schema-leaves.ts";
import { findInt96Leaves, hideIntervals } from "./shown-leaves.ts";
import { shownNames } from "./shown-names.ts";
import { decodeThriftStruct, encodeThriftStruct, thriftType, type ThriftStruct } from "./thrift.ts";
import { listField, optionalInteger, structField, structListField } from "./thrift-fields.ts";

/*
 * What parquet-wasm reads otherwise than other readers do, or not at all, is mended in the footer that it is shown: the
 * bytes in front of the footer are the file's own.
 */

/** A footer whose row groups are encoded, and what they have. */
interface ScannedFooter {
  readonly footer: ThriftStruct;
  readonly scans: readonly RowGroupScan[];
}

/** Mends a footer: the same object where there is nothing to mend. */
type Repair = (scanned: ScannedFooter, options: ShowOptions) => ThriftStruct;

const repairs: readonly Repair[] = [sumRowCounts, repairChunks, showIntervals, renameColumns, setArrowSchema];

/** How a file is shown. */
export interface ShowOptions {
  /**
   * Whether all is left out that rows can be read without, such as statistics and page indexes: parquet-wasm refuses a
   * file where they are broken, which other readers find out when they use them.
   */
  readonly isBare?: boolean;
  /** The Arrow schema that it is to be read by, with the names that are shown; its own where left out. */
  readonly arrowSchema?: Uint8Array | undefined;
}

/** A file as parquet-wasm is shown it. */
export interface ShownFile {
  /** The file itself, or the file with another footer. */
  readonly source: ByteSource;
  /** The file's own names of its columns at the top level, by which it is not shown where they are not `shownNames`. */
  readonly columnNames: readonly string[];
  /** Why columns cannot be decoded, by their index at the top level. */
  readonly refusals: ReadonlyMap<number, string>;
  /** The leaves of its schema that are intervals and are shown as bytes of a fixed width. */
  readonly intervalLeaves: readonly number[];
  /** The leaves of its schema that are timestamps in INT96. */
  readonly int96Leaves: readonly number[];
}

/**
 * A file as parquet-wasm is shown it.
 *
 * @throws Error where it is no Parquet file, or its footer expands to more than is read; UnsupportedError where its footer or what a footer has to say of a column
 * is encrypted
 */
export function showFile(file: ByteSource, options: ShowOptions = {}): ShownFile {
  const { byteOffset, byteLength } = findFooter(file);
  const bytes = file.read(byteOffset, byteOffset + byteLength);
  assertFooter(bytes);
  try {
    const own = decodeThriftStruct(bytes, { encodedElementsOf: fileMetaData.rowGroups });
    assertArrowSchema(own);
    const elements = structListField(own, fileMetaData.schema);
    const scans = encodedRowGroups(own).map(scanRowGroup);
    const footer = repairs.reduce((mended, repair) => repair({ footer: mended, scans }, options), own);
    return {
      source: footer === own ? file : createJoinedSource(file, [0, byteOffset], joinPieces(encodeFooter(footer))),
      columnNames: findColumnElements(elements).map((place) => elementName(elements[place]!)),
      refusals: findRefusals(findSchemaLeaves(elements), scans),
      intervalLeaves: hasArrowIntervals(own) ? [] : hideIntervals(elements).leaves,
      int96Leaves: findInt96Leaves(elements),
    };
  } catch (reason) {
    // A footer that cannot be looked through is parquet-wasm's to refuse.
    if (reason instanceof RangeError) {
      return { source: file, columnNames: [], refusals: new Map(), intervalLeaves: [], int96Leaves: [] };
    }
    throw reason;
  }
}

function encodedRowGroups(footer: ThriftStruct): Uint8Array[] {
  return listField(footer, fileMetaData.rowGroups).elements.map((element) => {
    if (element instanceof Uint8Array) return element;
    throw new RangeError("a row group is no struct");
  });
}

/** parquet-wasm ends at the count of the whole file, others at those of the row groups. */
function sumRowCounts({ footer, scans }: ScannedFooter): ThriftStruct {
  const rowCount = BigInt(scans.reduce((sum, scan) => sum + scan.rowCount, 0));
  if (optionalInteger(footer, fileMetaData.rowCount) === rowCount) return footer;
  return new Map(footer).set(fileMetaData.rowCount, { type: thriftType.i64, value: rowCount });
}

/** Leaves out offsets of dictionaries that are none, and what parquet-wasm cannot read and need not. */
function repairChunks({ footer, scans }: ScannedFooter, { isBare = false }: ShowOptions): ThriftStruct {
  // The page indexes of an encrypted column are encrypted, and parquet-wasm reads all or none.
  const dropsIndexes = scans.some(({ chunks }) => chunks.some((chunk) => chunk.isEncrypted));
  const isBroken = (chunk: ChunkTraits): boolean =>
    isBare || hasFalseDictionary(chunk) || (dropsIndexes && chunk.hasPageIndex);
  if (!scans.some(({ chunks }) => chunks.some(isBroken))) return footer;
  const elements = encodedRowGroups(footer).map((encoded, i) => {
    const { chunks } = scans[i]!;
    if (!chunks.some(isBroken)) return encoded;
    const group = decodeThriftStruct(encoded);
    structListField(group, rowGroupField.columns).forEach((chunk, k) => {
      const meta = structField(chunk, columnChunk.metaData);
      if (hasFalseDictionary(chunks[k]!)) meta.delete(columnMetaData.dictionaryPageOffset);
      if (dropsIndexes) for (const id of pageIndexFields) chunk.delete(id);
      if (isBare) keepFields(chunk, bareChunk);
      if (isBare) keepFields(meta, bareMetaData);
    });
    if (isBare) keepFields(group, bareRowGroup);
    return encodeThriftStruct(group);
  });
  const value = { elementType: thriftType.struct, elements };
  const repaired = new Map(footer).set(fileMetaData.rowGroups, { type: thriftType.list, value });
  if (isBare) repaired.delete(fileMetaData.columnOrders);
  return repaired;
}

function hasFalseDictionary({ dictionaryPageOffset, dataPageOffset }: ChunkTraits): boolean {
  return dictionaryPageOffset !== undefined && !isDictionaryOffset(dictionaryPageOffset, dataPageOffset);
}

const pageIndexFields = [
  columnChunk.offsetIndexOffset,
  columnChunk.offsetIndexLength,
  columnChunk.columnIndexOffset,
  columnChunk.columnIndexLength,
];

/** What a row group, a column chunk and its metadata need for their values to be read. */
const bareRowGroup = [rowGroupField.columns, rowGroupField.byteLength, rowGroupField.rowCount];
const bareChunk = [columnChunk.fileOffset, columnChunk.metaData];
const bareMetaData = [
  columnMetaData.type,
  columnMetaData.encodings,
  columnMetaData.path,
  columnMetaData.codec,
  columnMetaData.valueCount,
  columnMetaData.uncompressedByteLength,
  columnMetaData.compressedByteLength,
  columnMetaData.dataPageOffset,
  columnMetaData.dictionaryPageOffset,
];

function keepFields(struct: ThriftStruct, ids: readonly number[]): void {
  for (const id of struct.keys()) if (!ids.includes(id)) struct.delete(id);
}

/** Shows intervals as bytes, as parquet-wasm drops their months; unless their writer was Arrow, which says what they are. */
function showIntervals({ footer }: ScannedFooter): ThriftStruct {
  if (hasArrowIntervals(footer)) return footer;
  const { elements, leaves } = hideIntervals(structListField(footer, fileMetaData.schema));
  if (leaves.length === 0) return footer;
  const value = { elementType: thriftType.struct, elements };
  return new Map(footer).set(fileMetaData.schema, { type: thriftType.list, value });
}

function hasArrowIntervals(footer: ThriftStruct): boolean {
  const message = arrowSchemaMessage(footer);
  const isInterval = ({ type, children }: Field): boolean => type.kind === "interval" || children.some(isInterval);
  return message !== undefined && decodeSchema(decodeSchemaMessage(message)).fields.some(isInterval);
}

/** Says by which Arrow schema it is to be read. */
function setArrowSchema({ footer }: ScannedFooter, { arrowSchema }: ShowOptions): ThriftStruct {
  return arrowSchema === undefined ? footer : replaceArrowSchema(footer, encodeSchemaMessage(arrowSchema));
}

/** Gives columns names that parquet-wasm finds them by, in both of the footer's schemas. */
function renameColumns({ footer }: ScannedFooter): ThriftStruct {
  const elements = structListField(footer, fileMetaData.schema);
  const places = findColumnElements(elements);
  const own = places.map((place) => elementName(elements[place]!));
  const names = shownNames(own);
  if (names === own) return footer;
  const renamed = [...elements];
  places.forEach((place, i) => {
    const name = { type: thriftType.binary, value: Buffer.from(names[i]!) };
    renamed[place] = new Map(elements[place]).set(schemaElement.name, name);
  });
  const value = { elementType: thriftType.struct, elements: renamed };
  return renameArrowFields(new Map(footer).set(fileMetaData.schema, { type: thriftType.list, value }), names);
}

function renameArrowFields(footer: ThriftStruct, names: readonly string[]): ThriftStruct {
  const message = arrowSchemaMessage(footer);
  if (message === undefined) return footer;
  const schema = decodeSchema(decodeSchemaMessage(message));
  const fields = schema.fields.map((field, i) => ({ ...field, name: names[i] ?? field.name }));
  return replaceArrowSchema(footer, encodeSchemaMessage(encodeSchema({ ...schema, fields })));
}
