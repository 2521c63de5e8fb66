import { findUnskippable } from "../format/find-unskippable.ts";
import { fileMetaData, rowGroupField } from "../format/footer-fields.ts";
import { keepNewest } from "../format/keep-newest.ts";
import { findSchemaLeaves } from "../format/schema-leaves.ts";
import { decodeThriftStruct } from "../format/thrift.ts";
import { integerField, listField, structListField } from "../format/thrift-fields.ts";
import { hasTrueIndex } from "../format/true-index.ts";
import { footerOf, readerOf, showOpenFile } from "./shown-files.ts";
import type { OpenFile } from "./worker-protocol.ts";

/** Cached facts about row groups of the last files of this worker. */
class RowGroupFindings<Finding> {
  readonly #files = new Map<string, Map<number, Finding>>();

  /** Returns the fact about a row group, and finds it if it is not cached. */
  get({ id }: OpenFile, rowGroupIndex: number, find: () => Finding): Finding {
    const ofFile = this.#files.get(id) ?? new Map<number, Finding>();
    keepNewest(this.#files, id, ofFile);
    const finding = ofFile.get(rowGroupIndex) ?? find();
    ofFile.set(rowGroupIndex, finding);
    return finding;
  }
}

const unskippables = new RowGroupFindings<Map<string, ReadonlySet<number>>>();

/**
 * Returns the indices of the top-level columns of a row group in which parquet-wasm cannot skip rows. The result is
 * cached.
 *
 * @param columns - the decoded columns; all by default
 */
export function unskippableColumns(
  file: OpenFile,
  rowGroupIndex: number,
  columns?: ReadonlySet<number>,
): ReadonlySet<number> {
  const known = unskippables.get(file, rowGroupIndex, () => new Map());
  const key = columns ? [...columns].join(" ") : "all";
  const found = known.get(key) ?? readUnskippable(file, rowGroupIndex, columns);
  known.set(key, found);
  return found;
}

/** Whether the page indexes of columns are correct. The key contains the indices of the columns. */
const trueIndexes = new RowGroupFindings<Map<string, boolean>>();

/**
 * Returns whether the page indexes of columns in a row group are correct; true if there are none. The result is cached.
 *
 * @param columnIndices - all by default
 */
export function hasTrueIndexes(file: OpenFile, rowGroupIndex: number, columnIndices?: readonly number[]): boolean {
  if (!showOpenFile(file).hasPageIndexes) return true;
  const known = trueIndexes.get(file, rowGroupIndex, () => new Map());
  const key = columnIndices?.join(" ") ?? "all";
  const areTrue = known.get(key) ?? areTrueIndexes(file, rowGroupIndex, columnIndices);
  known.set(key, areTrue);
  return areTrue;
}

function areTrueIndexes(file: OpenFile, rowGroupIndex: number, columnIndices?: readonly number[]): boolean {
  const { read, group, leaves } = openRowGroupStruct(file, rowGroupIndex);
  const rowCount = integerField(group, rowGroupField.rowCount);
  return structListField(group, rowGroupField.columns).every((chunk, i) => {
    const leaf = leaves[i];
    if (leaf === undefined || columnIndices?.includes(leaf.columnIndex) === false) return true;
    return hasTrueIndex(read, { chunk, leaf, rowCount });
  });
}

function readUnskippable(
  file: OpenFile,
  rowGroupIndex: number,
  columns: ReadonlySet<number> | undefined,
): ReadonlySet<number> {
  const { read, group, leaves } = openRowGroupStruct(file, rowGroupIndex);
  return findUnskippable(read, { group, leaves, columns });
}

/**
 * Returns a row group from the footer, its leaves, and a function that reads its pages.
 *
 * @throws RangeError if there is no such row group
 */
export function openRowGroupStruct(file: OpenFile, rowGroupIndex: number) {
  const footer = footerOf(file);
  const encoded = listField(footer, fileMetaData.rowGroups).elements[rowGroupIndex];
  if (!(encoded instanceof Uint8Array)) throw new RangeError(`a Parquet file has no row group ${rowGroupIndex}`);
  const leaves = findSchemaLeaves(structListField(footer, fileMetaData.schema));
  return { read: readerOf(showOpenFile(file).source), group: decodeThriftStruct(encoded), leaves };
}
