import { bindFilter, parseFilter, similarName, type BoundFilter } from "../filter/index.ts";
import { decodeSchema } from "../arrow/index.ts";
import { FlightError, quoteName } from "../flight/index.ts";
import { type DatasetSelection } from "../dataset/index.ts";
import type { ParquetFacts } from "../parquet/index.ts";
import type { RowRange } from "./plan-endpoints.ts";

/** A part of a dataset that there is. */
export interface DatasetPart {
  /** Columns at the top level, by their index, rising; undefined for all. */
  readonly columnIndices: readonly number[] | undefined;
  /** A range of rows of the dataset. With a filter, the filter is applied to it. */
  readonly range: RowRange;
  /** Which of these rows are meant. */
  readonly filter: PartFilter | undefined;
  /** Whether it is all of the dataset. */
  readonly isWhole: boolean;
}

/** The rows of a part. */
export interface PartFilter {
  readonly bound: BoundFilter;
  /** Matching rows to skip. */
  readonly offset: number;
  /** Matching rows at most; undefined for all. */
  readonly limit: number | undefined;
}

/**
 * Resolves a selection in a dataset. Only the footer is needed.
 *
 * @param rows - the range that the filter is applied to; all rows by default
 * @throws FlightError INVALID_ARGUMENT if a column does not exist or is ambiguous, or if the filter is wrong
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
  const { fields } = decodeSchema(schemaHeader);
  fields.forEach(({ name }, i) => indices.set(name, [...(indices.get(name) ?? []), i]));
  const found = columns.map((name) => {
    const [index, second] = indices.get(name) ?? [];
    if (index === undefined) {
      const similar = similarName(name, fields);
      const meant = similar === undefined ? "" : `; did you mean ${quoteName(similar)}?`;
      throw refused(`has ${quoteName(name)}, which is not a column of the dataset${meant}`);
    }
    if (second !== undefined)
      throw refused(`has ${quoteName(name)}, which is the name of several columns of the dataset`);
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
