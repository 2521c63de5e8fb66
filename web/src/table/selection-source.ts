import { shownCells } from "hangar/rows";
import type { KnownVersion } from "../api/assert-current.ts";
import { readSelection, type Batch } from "../api/read-selection.ts";
import type { RowChunk, RowSource } from "./row-source.ts";

/** The rows of a dataset that a server selects from, with a filter where there is one. */
export function createSelectionSource(dataset: KnownVersion, rowCount: number, filter: string): RowSource {
  return {
    rowCount,
    async *read({ rowStart, rowEnd }, columns, { signal }) {
      const selection = { columns, offset: rowStart, limit: rowEnd - rowStart, ...(filter && { filter }) };
      let row = rowStart;
      for await (const batch of readSelection(dataset, selection, signal)) {
        yield toChunk(batch, row);
        row += batch.rowCount;
      }
    },
  };
}

/** A batch as rows of a table, the first of which is the given row of the table. */
export function toChunk({ columns, dictionaries, rowCount }: Batch, rowStart: number): RowChunk {
  const cells = new Map(columns.map((column) => [column.field.name, shownCells(column, dictionaries)]));
  return { rowStart, rowCount, cells };
}
