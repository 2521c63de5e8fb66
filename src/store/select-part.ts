import { decodeSchema, FlightError, quoteName, type DatasetSelection } from "../flight/index.ts";
import type { ParquetFacts } from "../parquet/index.ts";
import type { RowRange } from "./plan-endpoints.ts";

/** A part of a dataset that there is. */
export interface DatasetPart {
  /** Columns at the top level, by their index, rising; undefined for all. */
  readonly columnIndices: readonly number[] | undefined;
  /** Rows, all of them in the dataset. */
  readonly range: RowRange;
  /** Whether it is all of the dataset. */
  readonly isWhole: boolean;
}

/**
 * Finds what is selected in a dataset, by its footer alone.
 *
 * @throws FlightError INVALID_ARGUMENT where it has no such column, or several of the name
 */
export function selectPart({ schemaHeader, rowCount }: ParquetFacts, selection: DatasetSelection): DatasetPart {
  const { columns } = selection;
  const columnIndices = columns && findColumns(columns, schemaHeader);
  const range = clampRange(selection, Number(rowCount));
  return { columnIndices, range, isWhole: columns === undefined && range.limit === Number(rowCount) };
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

function clampRange({ offset = 0, limit = Infinity }: DatasetSelection, rowCount: number): RowRange {
  const start = Math.min(offset, rowCount);
  return { offset: start, limit: Math.min(limit, rowCount - start) };
}
