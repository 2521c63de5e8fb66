import { assertConsistent } from "./assert-consistent.ts";
import { assertTypes } from "./assert-types.ts";
import { toSchemaTree } from "./schema-tree.ts";
import { assertKnownTypes } from "./assert-known-types.ts";
import { writerOf } from "./column-chunks.ts";
import { mayCutChunks } from "./chunk-ends.ts";
import { joinPieces } from "../../flight/index.ts";
import { rememberedFooterBytesMax } from "./limits.ts";
import { findConvertedLeaves } from "./converted-leaves.ts";
import { createJoinedSource, type ByteSource } from "./byte-source.ts";
import { assertArrowSchema, assertFooter } from "./assert-footer.ts";
import { divideFooter } from "./divide-footer.ts";
import { findMarkedLeaves, type LeafMark } from "./marked-leaves.ts";
import { findFooter } from "./find-footer.ts";
import { fileMetaData } from "./footer-fields.ts";
import { encodeFooter } from "./footer.ts";
import { scanRowGroup, type RowGroupScan } from "./scan-row-group.ts";
import { findRefusals } from "./find-refusals.ts";
import { elementName, findColumnElements, findSchemaLeaves } from "./schema-leaves.ts";
import { findInt96Leaves, hideIntervals } from "./shown-leaves.ts";
import { settleTypes } from "./settle-types.ts";
import { decodeThriftStruct, type ThriftStruct } from "./thrift.ts";
import { keepKnownFooter, showKnownFooter } from "./known-footers.ts";
import { structListField } from "./thrift-fields.ts";
import { encodedRowGroups, hasEncrypted, type Repair, type ShowOptions } from "./footer-repair.ts";
import { hideIndexes, repairChunks } from "./repair-chunks.ts";
import { boundSizes, correctChunkLengths, sumRowCounts, typeEmptyLists } from "./repair-row-groups.ts";
import { fitArrowSchema, hasArrowIntervals, renameColumns, setArrowSchema, showIntervals } from "./repair-schema.ts";

/*
 * parquet-wasm reads some files differently from other readers, or not at all. It gets a corrected copy of the footer.
 * The bytes before the footer are unchanged.
 */

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
