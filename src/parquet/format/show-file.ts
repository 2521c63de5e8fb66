import { changeArrowFields, decodeArrowSchema, mendHints } from "./arrow-hints.ts";
import { assertConsistent } from "./assert-consistent.ts";
import { assertTypes } from "./assert-types.ts";
import { toSchemaTree } from "./schema-tree.ts";
import { assertKnownTypes } from "./assert-known-types.ts";
import { writerOf } from "./column-chunks.ts";
import { isKnownEncoding } from "./encodings.ts";
import { findChunkEnd, findOverlongGroups, mayCutChunks } from "./chunk-ends.ts";
import { encodeSchemaMessage, type Field } from "../../arrow/index.ts";
import { joinPieces } from "../../flight/index.ts";
import { indexedPagesMax, rememberedFooterBytesMax } from "../limits.ts";
import type { ReadRange } from "./scan-pages.ts";
import { findConvertedLeaves, type ConvertedSchema } from "./converted-leaves.ts";
import { createJoinedSource, type ByteSource } from "./byte-source.ts";
import { assertArrowSchema, assertFooter } from "./assert-footer.ts";
import { divideFooter } from "./divide-footer.ts";
import { editThriftStruct } from "./edit-thrift.ts";
import { findMarkedLeaves, type LeafMark } from "./marked-leaves.ts";
import { findFooter } from "./find-footer.ts";
import { columnChunk, columnMetaData, fileMetaData, rowGroupField, schemaElement } from "./footer-fields.ts";
import { chunkRange, encodeFooter, replaceArrowSchema } from "./footer.ts";
import { isDictionaryOffset, scanRowGroup, type ChunkTraits, type RowGroupScan } from "./scan-row-group.ts";
import { findRefusals } from "./find-refusals.ts";
import { elementName, findColumnElements, findSchemaLeaves } from "./schema-leaves.ts";
import { findInt96Leaves, hideIntervals } from "./shown-leaves.ts";
import { settleTypes } from "./settle-types.ts";
import { shownNames } from "./shown-names.ts";
import { decodeThriftStruct, encodeThriftStruct, thriftType, type ThriftStruct } from "./thrift.ts";
import { keepKnownFooter, showKnownFooter } from "./known-footers.ts";
import { listField, optionalInteger, setInteger, structField, structListField } from "./thrift-fields.ts";

/*
 * parquet-wasm reads some files differently from other readers, or not at all. It gets a corrected copy of the footer.
 * The bytes before the footer are unchanged.
 */

/** A footer with encoded row groups, their properties, and the file. */
interface ScannedFooter {
  readonly footer: ThriftStruct;
  readonly scans: readonly RowGroupScan[];
  readonly file: ByteSource;
  /** Where the footer begins, in bytes. */
  readonly footerByteOffset: number;
  readonly converted: ConvertedSchema | undefined;
}

/** Corrects a footer. Returns the same object if nothing changes. */
type Repair = (scanned: ScannedFooter, options: ShowOptions) => ThriftStruct;

const repairs: readonly Repair[] = [
  typeEmptyLists,
  sumRowCounts,
  boundSizes,
  correctChunkLengths,
  repairChunks,
  showIntervals,
  fitArrowSchema,
  renameColumns,
  setArrowSchema,
];

/** How a file is shown. */
export interface ShowOptions {
  /**
   * Whether to omit everything that is not needed to read rows, such as statistics and page indexes. parquet-wasm
   * refuses a file if they are invalid; other readers notice only when they use them.
   */
  readonly isBare?: boolean;
  /** The Arrow schema to use for reading, with the presented names; by default, the schema of the file. */
  readonly arrowSchema?: Uint8Array | undefined;
}

/** A file as parquet-wasm is shown it. */
export interface ShownFile {
  /** The file itself, or the file with another footer. */
  readonly source: ByteSource;
  /** The same without page indexes. A complete read does not need them, and they may be wrong. */
  readonly withoutIndexes: ByteSource;
  /**
   * Returns the file's own names of its top-level columns, if `shownNames` replaces them; undefined if the footer is
   * presented unchanged.
   */
  readonly columnNames: readonly string[] | undefined;
  /** Whether the file has page indexes that it is shown with. */
  readonly hasPageIndexes: boolean;
  /** Why columns cannot be decoded, by their index at the top level. */
  readonly refusals: ReadonlyMap<number, string>;
  /** The leaves of its schema that are intervals and are shown as bytes of a fixed width. */
  readonly intervalLeaves: readonly number[];
  /** The leaves of its schema that are timestamps in INT96. */
  readonly int96Leaves: readonly number[];
  /** The leaves whose fields are marked as of an extension type, or as ENUM. */
  readonly markedLeaves: ReadonlyMap<number, LeafMark>;
  /** The leaves that are shown in the unit that they are stored in, and are declared in another (`fromStoredType`). */
  readonly convertedLeaves: ReadonlySet<number>;
}

const nothingKnown = {
  hasPageIndexes: false,
  intervalLeaves: [],
  int96Leaves: [],
  markedLeaves: new Map<number, LeafMark>(),
  convertedLeaves: new Set<number>(),
};

/**
 * Presents a file to parquet-wasm.
 *
 * @throws Error if it is not a Parquet file, or if its footer is too large when decoded; UnsupportedError if its footer
 * or column metadata is encrypted
 */
export function showFile(file: ByteSource, options: ShowOptions = {}): ShownFile {
  const { byteOffset, byteLength } = findFooter(file);
  const bytes = file.read(byteOffset, byteOffset + byteLength);
  const isOwn = !options.isBare && options.arrowSchema === undefined;
  const divided = isOwn && byteLength <= rememberedFooterBytesMax ? divideFooter(bytes) : undefined;
  const known = divided && showKnownFooter(file, divided, byteOffset);
  if (known) return known;
  assertFooter(bytes);
  try {
    const decoded = decodeThriftStruct(bytes, { encodedElementsOf: [fileMetaData.rowGroups] });
    assertArrowSchema(decoded);
    const own = settleTypes(decoded);
    const elements = structListField(own, fileMetaData.schema);
    const scans = encodedRowGroups(own).map(scanRowGroup);
    assertKnownTypes(own);
    assertTypes(toSchemaTree(elements));
    const leaves = findSchemaLeaves(elements);
    assertConsistent({ elements, leaves, scans });
    const converted = findConvertedLeaves(own);
    const scanned = { scans, file, footerByteOffset: byteOffset, converted };
    const footer = repairs.reduce((mended, repair) => repair({ ...scanned, footer: mended }, options), own);
    const show = (corrected: ThriftStruct): ByteSource =>
      corrected === decoded ? file : createJoinedSource(file, [0, byteOffset], joinPieces(encodeFooter(corrected)));
    const source = show(footer);
    const hasPageIndexes = hasShownIndexes(scans, options);
    const shown = {
      columnNames: findColumnElements(elements).map((place) => elementName(elements[place]!)),
      hasPageIndexes,
      refusals: findRefusals(leaves, scans),
      intervalLeaves: hasArrowIntervals(own) ? [] : hideIntervals(elements).leaves,
      int96Leaves: findInt96Leaves(elements),
      markedLeaves: findMarkedLeaves(elements),
      convertedLeaves: converted?.leaves ?? new Set<number>(),
    };
    if (divided && source === file && !mayCutChunks(writerOf(own))) {
      keepKnownFooter(divided, { elements, leaves, shown });
    }
    return { source, withoutIndexes: hasPageIndexes ? show(hideIndexes(footer)) : source, ...shown };
  } catch (reason) {
    // A footer that cannot be looked through is parquet-wasm's to refuse.
    if (reason instanceof RangeError) {
      return { source: file, withoutIndexes: file, columnNames: undefined, refusals: new Map(), ...nothingKnown };
    }
    throw reason;
  }
}

function hasShownIndexes(scans: readonly RowGroupScan[], { isBare }: ShowOptions): boolean {
  if (isBare || hasEncrypted(scans)) return false;
  return scans.some(({ chunks }) => chunks.some((chunk) => chunk.pageIndexOffsets.length > 0));
}

function encodedRowGroups(footer: ThriftStruct): Uint8Array[] {
  return listField(footer, fileMetaData.rowGroups).elements.map((element) => {
    if (element instanceof Uint8Array) return element;
    throw new RangeError("a row group is not a struct");
  });
}

/** Gives empty lists a type of elements. fastparquet writes none in a file without rows, and parquet-wasm refuses it. */
function typeEmptyLists({ footer }: ScannedFooter): ThriftStruct {
  const typed = [fileMetaData.rowGroups, fileMetaData.keyValueMetadata].flatMap((id) => {
    const field = footer.get(id);
    if (field?.type !== thriftType.list) return [];
    const { elementType, elements } = listField(footer, id);
    if (elements.length > 0 || elementType === thriftType.struct) return [];
    return [[id, { ...field, value: { elementType: thriftType.struct, elements } }] as const];
  });
  return typed.length === 0 ? footer : new Map([...footer, ...typed]);
}

/** parquet-wasm ends at the count of the whole file, others at those of the row groups. */
function sumRowCounts({ footer, scans }: ScannedFooter): ThriftStruct {
  const rowCount = BigInt(scans.reduce((sum, scan) => sum + scan.rowCount, 0));
  if (optionalInteger(footer, fileMetaData.rowCount) === rowCount) return footer;
  return new Map(footer).set(fileMetaData.rowCount, { type: thriftType.i64, value: rowCount });
}

/** Corrects row groups whose declared size cannot match their column chunks. Slices are planned by this size. */
function boundSizes({ footer, scans }: ScannedFooter): ThriftStruct {
  const sizes = scans.map(({ chunks }) => chunks.reduce((sum, chunk) => sum + chunk.uncompressedByteLength, 0));
  const isBroken = (index: number): boolean => {
    const { byteLength, chunks } = scans[index]!;
    if (chunks.some((chunk) => chunk.isEncrypted)) return false;
    return byteLength < 0 || byteLength > sizes[index]!;
  };
  if (!scans.some((_, i) => isBroken(i))) return footer;
  const repair = (group: ThriftStruct, index: number): void =>
    setInteger(group, rowGroupField.byteLength, BigInt(Math.max(0, Math.min(sizes[index]!, Number.MAX_SAFE_INTEGER))));
  return mapRowGroups(footer, repair, isBroken);
}

/** Gives column chunks the length that their pages have, where an old writer made them too short or another too long. */
function correctChunkLengths({ footer, scans, file, footerByteOffset: fileEnd }: ScannedFooter): ThriftStruct {
  const overlong = findOverlongGroups(scans, fileEnd);
  const mayBeCut = mayCutChunks(writerOf(footer));
  if (!mayBeCut && overlong.size === 0) return footer;
  const read: ReadRange = (from, to) => file.read(from, to);
  const correct = (group: ThriftStruct): void => {
    for (const chunk of structListField(group, rowGroupField.columns)) {
      const end = findChunkEnd(read, chunk, { fileEnd, pageCountMax: indexedPagesMax });
      if (end === undefined) continue;
      const meta = structField(chunk, columnChunk.metaData);
      setInteger(meta, columnMetaData.compressedByteLength, BigInt(end - chunkRange(chunk).start));
    }
  };
  return mapRowGroups(footer, correct, (index) => mayBeCut || overlong.has(index));
}

/** Returns a footer with some row groups replaced. */
function mapRowGroups(
  footer: ThriftStruct,
  change: (group: ThriftStruct, index: number) => void,
  isChanged: (index: number) => boolean = () => true,
): ThriftStruct {
  const elements = encodedRowGroups(footer).map((encoded, i) => {
    if (!isChanged(i)) return encoded;
    const group = decodeThriftStruct(encoded);
    change(group, i);
    return encodeThriftStruct(group);
  });
  const value = { elementType: thriftType.struct, elements };
  return new Map(footer).set(fileMetaData.rowGroups, { type: thriftType.list, value });
}

/** Leaves out offsets of dictionaries that are none, and what parquet-wasm cannot read and need not. */
function repairChunks({ footer, scans }: ScannedFooter, { isBare = false }: ShowOptions): ThriftStruct {
  // The page indexes of an encrypted column are encrypted, and parquet-wasm reads all or none.
  const dropsIndexes = hasEncrypted(scans);
  const isBroken = (chunk: ChunkTraits): boolean =>
    isBare || hasFalseDictionary(chunk) || (dropsIndexes && chunk.pageIndexOffsets.length > 0);
  if (!scans.some(({ chunks }) => chunks.some(isBroken))) return footer;
  const repair = (group: ThriftStruct, index: number): void => {
    structListField(group, rowGroupField.columns).forEach((chunk, i) => {
      const meta = structField(chunk, columnChunk.metaData);
      if (hasFalseDictionary(scans[index]!.chunks[i]!)) meta.delete(columnMetaData.dictionaryPageOffset);
      if (dropsIndexes) for (const id of pageIndexFields) chunk.delete(id);
      if (isBare) stripChunk(chunk, meta);
    });
    if (isBare) keepFields(group, bareRowGroup);
  };
  const repaired = mapRowGroups(footer, repair, (index) => scans[index]!.chunks.some(isBroken));
  if (isBare) repaired.delete(fileMetaData.columnOrders);
  return repaired;
}

/** Leaves out the places of all page indexes. */
function hideIndexes(footer: ThriftStruct): ThriftStruct {
  const chunk = new Map(pageIndexFields.map((id) => [id, () => undefined] as const));
  const edits = new Map([[rowGroupField.columns, { element: () => chunk }]]);
  const elements = encodedRowGroups(footer).map((group) => editThriftStruct(group, edits));
  const value = { elementType: thriftType.struct, elements };
  return new Map(footer).set(fileMetaData.rowGroups, { type: thriftType.list, value });
}

function hasEncrypted(scans: readonly RowGroupScan[]): boolean {
  return scans.some(({ chunks }) => chunks.some((chunk) => chunk.isEncrypted));
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

/** The fields of a row group, a column chunk and its metadata that are needed to read values. */
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

function stripChunk(chunk: ThriftStruct, meta: ThriftStruct): void {
  keepFields(chunk, bareChunk);
  keepFields(meta, bareMetaData);
  const { elementType, elements } = listField(meta, columnMetaData.encodings);
  // Pages say what they are encoded in; this is a summary.
  const known = elements.filter((encoding) => isKnownEncoding(Number(encoding)));
  meta.set(columnMetaData.encodings, { type: thriftType.list, value: { elementType, elements: known } });
}

function keepFields(struct: ThriftStruct, ids: readonly number[]): void {
  for (const id of struct.keys()) if (!ids.includes(id)) struct.delete(id);
}

/**
 * Presents intervals as bytes, because parquet-wasm drops their months. Intervals from Arrow writers are not changed:
 * the Arrow schema describes them.
 */
function showIntervals({ footer }: ScannedFooter): ThriftStruct {
  if (hasArrowIntervals(footer)) return footer;
  const { elements, leaves } = hideIntervals(structListField(footer, fileMetaData.schema));
  if (leaves.length === 0) return footer;
  const value = { elementType: thriftType.struct, elements };
  return new Map(footer).set(fileMetaData.schema, { type: thriftType.list, value });
}

function hasArrowIntervals(footer: ThriftStruct): boolean {
  const isInterval = ({ type, children }: Field): boolean => type.kind === "interval" || children.some(isInterval);
  return decodeArrowSchema(footer)?.fields.some(isInterval) ?? false;
}

/** Says by which Arrow schema it is to be read. */
function setArrowSchema({ footer }: ScannedFooter, { arrowSchema }: ShowOptions): ThriftStruct {
  return arrowSchema === undefined ? footer : replaceArrowSchema(footer, encodeSchemaMessage(arrowSchema));
}

function fitArrowSchema({ footer, converted }: ScannedFooter): ThriftStruct {
  return mendHints(footer, converted);
}

/** Replaces the names of columns, in both schemas of the footer, so that parquet-wasm finds each by its name. */
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
  const shown = new Map(footer).set(fileMetaData.schema, { type: thriftType.list, value });
  return changeArrowFields(shown, (fields) => fields.map((field, i) => ({ ...field, name: names[i] ?? field.name })));
}
