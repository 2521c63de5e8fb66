import { mayMatch, resolveFilter, type ResolvedCondition, type ResolvedExpression } from "../../filter/index.ts";
import { decodeSchema, type Field } from "../../arrow/index.ts";
import type { ByteSource } from "../format/byte-source.ts";
import { createFileSource } from "../workers/file-source.ts";
import { readColumnChunks, type ColumnChunk, type FileRange, type RowGroupChunks } from "../format/column-chunks.ts";
import { prunedRowsMin, statisticsFooterBytesMax } from "./limits.ts";
import { readPages } from "../format/page-ranges.ts";
import { isReadWhole } from "./plan-ranges.ts";
import { wantedColumns } from "./wanted-columns.ts";
import { toKnownPages, type KnownPage } from "./known-pages.ts";
import { toKnownRange, type KnownRange } from "./known-range.ts";
import { cutSpan, joinRows, type Rows } from "./cut-span.ts";
import type { RowSpan } from "./read-plan.ts";
import { decodeThriftStruct } from "../format/thrift.ts";
import { findFooter } from "../format/find-footer.ts";
import { hasTrueIndexes, unskippableColumns } from "../workers/row-group-findings.ts";
import { showOpenFile } from "../workers/shown-files.ts";
import type { PruneJob } from "../workers/worker-protocol.ts";

/**
 * Runs a prune job. Returns the spans without the row groups and pages that cannot match the filter according to
 * their statistics. Missing, broken or unknown statistics exclude nothing.
 */
export async function pruneSpans(job: PruneJob): Promise<readonly RowSpan[]> {
  try {
    return await prune(job);
  } catch (reason) {
    if (reason instanceof RangeError) return job.spans;
    throw reason;
  }
}

async function prune(job: PruneJob): Promise<readonly RowSpan[]> {
  const { file, schemaHeader, filter, spans } = job;
  const resolved = resolveFilter(filter, decodeSchema(schemaHeader).fields);
  const wanted = wantedColumns(job);
  const source = createFileSource(file);
  const place = findFooter(source);
  if (place.byteLength > statisticsFooterBytesMax) return spans;
  const footer = decodeThriftStruct(readBytes(source, place));
  const rowGroups = readColumnChunks(footer);
  const { hasPageIndexes } = showOpenFile(file);
  return spans.flatMap((span) => {
    const rowGroup = rowGroups[span.rowGroupIndex]!;
    if (!mayGroupMatch(resolved, rowGroup)) return [];
    if (isReadWhole(file, span.rowGroupIndex, wanted)) return [span];
    // The page index is trusted only if the page headers confirm it.
    if (!hasPageIndexes || !hasTrueIndexes(file, span.rowGroupIndex, filter.columnIndices)) return [span];
    const cut = cutToRanges(span, rowsOfPages(resolved, { file: source, rowGroup, known: new Map() }));
    const isWhole = cut.length === 1 && cut[0]!.rowCount === span.rowCount;
    // If a column cannot skip rows, each part would decode them again.
    if (!isWhole && cut.length > 0 && unskippableColumns(file, span.rowGroupIndex, wanted).size > 0) return [span];
    return cut;
  });
}

function mayGroupMatch(filter: ResolvedExpression, rowGroup: RowGroupChunks): boolean {
  if (filter.kind === "condition") return mayChunkMatch(filter, rowGroup);
  const mayMatchPart = (part: ResolvedExpression): boolean => mayGroupMatch(part, rowGroup);
  return filter.kind === "and" ? filter.parts.every(mayMatchPart) : filter.parts.some(mayMatchPart);
}

function mayChunkMatch(condition: ResolvedCondition, { rowCount, chunks }: RowGroupChunks): boolean {
  const chunk = findChunk(condition, chunks);
  if (chunk?.valueCount !== rowCount) return true;
  const known = toKnownRange(chunk, condition.fields.at(-1)!);
  // Some writers counted too few nulls. A null count of 0 is trusted only if the page index confirms it.
  return mayRangeMatch(condition, rowCount, known.nullCount === 0 ? { ...known, nullCount: undefined } : known);
}

function mayRangeMatch(condition: ResolvedCondition, rowCount: number, known: KnownRange): boolean {
  const isNullable = condition.fields.some((field) => field.nullable);
  return mayMatch(condition, { ...known, rowCount, nullCount: isNullable ? known.nullCount : 0 });
}

/** Returns the chunk of a condition's field, if it has one value or null for each row. */
function findChunk({ path, fields }: ResolvedCondition, chunks: readonly ColumnChunk[]): ColumnChunk | undefined {
  if (fields.at(-1)!.children.length > 0) return undefined;
  const [found, second] = chunks.filter((chunk) => isSamePath(chunk.path, path));
  return second === undefined ? found : undefined;
}

function isSamePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}

/** The page indexes of a row group. */
interface IndexedGroup {
  readonly file: ByteSource;
  readonly rowGroup: RowGroupChunks;
  /** The pages of columns that have been read, as several conditions may be about one; undefined for a broken index. */
  readonly known: Map<ColumnChunk, readonly KnownPage[] | undefined>;
}

/** Returns the rows of the pages that may match a filter, in ascending order. */
function rowsOfPages(filter: ResolvedExpression, group: IndexedGroup): readonly Rows[] {
  const { rowCount } = group.rowGroup;
  if (filter.kind === "condition") return rowsOfCondition(filter, group);
  const parts = filter.parts.map((part) => rowsOfPages(part, group));
  return filter.kind === "and" ? parts.reduce(intersect, [[0, rowCount]]) : unite(parts);
}

/** Returns the rows of the pages that may match a condition; all rows if there is no page index, or a broken one. */
function rowsOfCondition(condition: ResolvedCondition, group: IndexedGroup): readonly Rows[] {
  const { rowCount, chunks } = group.rowGroup;
  const chunk = findChunk(condition, chunks);
  if (chunk === undefined) return [[0, rowCount]];
  if (!group.known.has(chunk)) group.known.set(chunk, pagesOf(chunk, condition.fields.at(-1)!, group));
  const pages = group.known.get(chunk);
  return (
    pages
      ?.filter((page) => mayRangeMatch(condition, page.rowCount, page))
      .map((page) => [page.rowStart, page.rowStart + page.rowCount] as const) ?? [[0, rowCount]]
  );
}

function pagesOf(chunk: ColumnChunk, field: Field, { file, rowGroup }: IndexedGroup): readonly KnownPage[] | undefined {
  const { rowCount } = rowGroup;
  if (chunk.columnIndex === undefined || chunk.offsetIndex === undefined || chunk.valueCount !== rowCount) {
    return undefined;
  }
  try {
    const columnIndex = readBytes(file, chunk.columnIndex);
    const pages = readPages({ columnIndex, offsetIndex: readBytes(file, chunk.offsetIndex), rowCount });
    return toKnownPages(pages, chunk, field);
  } catch (reason) {
    if (reason instanceof RangeError) return undefined;
    throw reason;
  }
}

/** Returns the rows of any of several lists of ranges. The ranges of the result are in ascending order and apart. */
function unite(lists: readonly (readonly Rows[])[]): readonly Rows[] {
  const united: [number, number][] = [];
  for (const [start, end] of lists.flat().sort((a, b) => a[0] - b[0])) {
    const last = united.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else united.push([start, end]);
  }
  return united;
}

/** Returns the intersection of two lists of ranges. @param a - in ascending order, like `b` and the result */
function intersect(a: readonly Rows[], b: readonly Rows[]): Rows[] {
  const shared: Rows[] = [];
  for (let i = 0, k = 0; i < a.length && k < b.length;) {
    const start = Math.max(a[i]![0], b[k]![0]);
    const end = Math.min(a[i]![1], b[k]![1]);
    if (start < end) shared.push([start, end]);
    if (a[i]![1] < b[k]![1]) i++;
    else k++;
  }
  return shared;
}

/** Returns the parts of a span that overlap the ranges. A small gap between two parts is included. */
function cutToRanges(span: RowSpan, ranges: readonly Rows[]): RowSpan[] {
  const { rowStart, rowCount } = span;
  const joined: [number, number][] = [];
  for (const rows of intersect([[rowStart, rowStart + rowCount]], ranges)) joinRows(joined, rows, prunedRowsMin);
  return cutSpan(span, joined);
}

function readBytes(file: ByteSource, { byteOffset, byteLength }: FileRange): Uint8Array {
  if (byteLength > statisticsFooterBytesMax || byteOffset + byteLength > file.byteLength) {
    throw new RangeError("a page index is too large, or is outside of the file");
  }
  return file.read(byteOffset, byteOffset + byteLength);
}
