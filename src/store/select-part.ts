import { bindFilter, parseFilter, type BoundFilter } from "../filter/index.ts";
import { decodeSchema } from "../arrow/index.ts";
import { FlightError } from "../flight/index.ts";
import { quoteName, type DatasetSelection } from "../dataset/index.ts";
import type { ParquetFacts } from "../parquet/index.ts";
import type { RowRange } from "./plan-endpoints.ts";

/** A part of a dataset that there is. */
export interface DatasetPart {
  /** Columns at the top level, by their index, rising; undefined for all. */
  readonly columnIndices: readonly number[] | undefined;
  /** Rows, all of them in the dataset: where there is a filter, of all that it is asked about. */
  readonly range: RowRange;
  /** Which of these rows are meant. */
  readonly filter: PartFilter | undefined;
  /** Whether it is all of the dataset. */
  readonly isWhole: boolean;
}

/** Which rows a part has, and which of those. */
export interface PartFilter {
  readonly bound: BoundFilter;
  /** Matching rows to skip. */
  readonly offset: number;
  /** Matching rows at most; undefined for all. */
  readonly limit: number | undefined;
}

/**
 * Finds what is selected in a dataset, by its footer alone.
 *
 * @param rows - those that a filter is asked about, where they are not all of them
 * @throws FlightError INVALID_ARGUMENT where it has no such column, or several of the name; where the filter is wrong
 */
export function selectPart(
  { schemaHeader, rowCount }: ParquetFacts,
  selection: Omit<DatasetSelection, "dataset">,
  rows?: RowRange,
): DatasetPart {
  const { columns } = selection;
  const columnIndices = columns && findColumns(columns, schemaHeader);
  const filter = findFilter(selection, schemaHeader);
  const range = clampRange(filter ? (rows ?? {}) : selection, Number(rowCount));
  const isWhole = columns === undefined && filter === undefined && range.limit === Number(rowCount);
  return { columnIndices, range, filter, isWhole };
}

function findFilter(
  { filter, offset = 0, limit }: Omit<DatasetSelection, "dataset">,
  schemaHeader: Uint8Array,
): PartFilter | undefined {
  if (filter === undefined) return undefined;
  return { bound: bindFilter(parseFilter(filter), decodeSchema(schemaHeader).fields), offset, limit };
}

function findColumns(columns: readonly string[], schemaHeader: Uint8Array): number[] {
  const indices = new Map<string, number[]>();
  decodeSchema(schemaHeader).fields.forEach(({ name }, i) => indices.set(name, [...(indices.get(name) ?? []), i]));
  const found = columns.map((name) => {
    const [index, second] = indices.get(name) ?? [];
    if (index === undefined) throw refused(`has ${quoteName(name)}, which is no column of the dataset`);
    if (second !== undefined) throw refused(`has ${quoteName(name)}, which several columns of the dataset are named`);
    return index;
  });
  return found.sort((a, b) => a - b);
}

function refused(problem: string): FlightError {
  return new FlightError("invalid_argument", `the command's "columns" ${problem}`);
}

function clampRange(
  { offset = 0, limit = Infinity }: Pick<DatasetSelection, "offset" | "limit">,
  rowCount: number,
): RowRange {
  const start = Math.min(offset, rowCount);
  return { offset: start, limit: Math.min(limit, rowCount - start) };
}
