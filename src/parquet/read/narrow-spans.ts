import { resolveFilter, type ResolvedExpression } from "../../filter/index.ts";
import { narrowedBatchRows, narrowedGapRowsMin, narrowedShareMax } from "./limits.ts";
import { unskippableColumns } from "../workers/row-group-findings.ts";
import { reserveMemory } from "../workers/reserve-memory.ts";
import type { NarrowJob } from "../workers/worker-protocol.ts";
import { cutSpan, joinRows, type Rows } from "./cut-span.ts";
import { BatchViewer, findDecodedFields, selectDecoded, type DecodedFields } from "./decoded-fields.ts";
import { canSkip, openBatches } from "./open-batches.ts";
import type { RowSpan } from "./read-plan.ts";
import { wantedColumns } from "./wanted-columns.ts";

/**
 * Runs a narrow job. Decodes only the columns of the filter. Returns the parts of the spans that have rows which meet
 * it.
 *
 * @throws Error if the columns cannot be decoded
 */
export async function narrowSpans(job: NarrowJob): Promise<readonly RowSpan[]> {
  const { columnIndices } = job.filter;
  const fields = findDecodedFields(job, columnIndices);
  const search = { fields, filter: resolveFilter(job.filter, fields.declared), viewer: new BatchViewer(fields) };
  reserveMemory({ byteLength: 0, columnCount: columnIndices.length });
  const narrowed: RowSpan[] = [];
  for (const span of job.spans) narrowed.push(...cutToMatches(job, span, await findRows(job, span, search)));
  return narrowed;
}

/** How rows are looked for. */
interface Search {
  readonly fields: DecodedFields;
  readonly filter: ResolvedExpression;
  readonly viewer: BatchViewer;
}

/** Returns ranges of rows that meet the filter, or lie between two such rows that are near each other. */
async function findRows(
  { file, filter: { columnIndices } }: NarrowJob,
  { rowGroupIndex, rowStart, rowCount, isWhole }: RowSpan,
  { fields, filter, viewer }: Search,
): Promise<readonly Rows[]> {
  const rows = {
    file,
    rowGroupIndices: [rowGroupIndex],
    rowStart,
    rowCount,
    isWhole,
    batchRowCount: narrowedBatchRows,
  };
  const { names } = fields.projection;
  const decoding = { names, columnIndices, skips: canSkip(rows, new Set(columnIndices)) };
  const ranges: [number, number][] = [];
  let row = rowStart;
  for await (const batch of openBatches(rows, decoding)) {
    const { numRows } = batch;
    const selected = viewer.view(batch, (decoded) => selectDecoded(filter, decoded, numRows));
    if (selected === undefined) joinRows(ranges, [row, row + numRows], narrowedGapRowsMin);
    else for (const index of selected) joinRows(ranges, [row + index, row + index + 1], narrowedGapRowsMin);
    row += numRows;
  }
  if (row - rowStart !== rowCount) throw new Error(`${row - rowStart} rows were decoded; ${rowCount} were expected`);
  return ranges;
}

function cutToMatches(job: NarrowJob, span: RowSpan, ranges: readonly Rows[]): readonly RowSpan[] {
  const keptCount = ranges.reduce((sum, [start, end]) => sum + end - start, 0);
  if (keptCount > narrowedShareMax * span.rowCount) return [span];
  // If a column cannot skip rows, each part would decode them again.
  if (keptCount > 0 && unskippableColumns(job.file, span.rowGroupIndex, wantedColumns(job)).size > 0) {
    return [span];
  }
  return cutSpan(span, ranges);
}
