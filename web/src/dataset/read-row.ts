import type { Field } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import type { RowSource } from "../table/row-source.ts";
import { createSelectionSource } from "../table/selection-source.ts";
import type { Cell } from "../table/show-cells.ts";

/** A row of a table, and what is read of it. */
export interface RowPlace {
  readonly dataset: DatasetDescription;
  readonly source: RowSource;
  /** The filter of the source. */
  readonly filter: string;
  readonly fields: readonly Field[];
  /** From 0 in the table. */
  readonly row: number;
}

/** Reads a row of a table. The server is asked for it by its place among the rows of the filter. */
export async function readRow(
  { dataset, source, filter, fields, row }: RowPlace,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Cell>> {
  const names = fields.map(({ name }) => name);
  const place = source.placeOf?.(row) ?? row;
  // A server that sends whole datasets has sent the row already.
  const read = dataset.hasSelections
    ? createSelectionSource(dataset, place + 1, filter).read({ rowStart: place, rowEnd: place + 1 }, names, { signal })
    : source.read({ rowStart: row, rowEnd: row + 1 }, names, { signal });
  for await (const { cells } of read) return new Map(names.map((name) => [name, cells.get(name)!(0)]));
  return new Map();
}
