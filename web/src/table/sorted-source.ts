import { readScalars, readValidity, type ArrayView, type DataType, type ElementReader } from "hangar/flight";
import { textCells, type Dictionaries } from "hangar/rows";
import { readSelection, type Batch } from "../api/read-selection.ts";
import type { Order } from "../state/view.ts";
import { orderRows, type SortKey } from "./order-rows.ts";
import type { RowChunk, RowSource } from "./row-source.ts";
import { toChunk } from "./selection-source.ts";

/** Rows that are sorted at most: they are held by the page, as the server does not sort. */
export const sortedRowsMax = 100_000;

/** What to sort. */
export interface SortRequest {
  readonly dataset: string;
  readonly filter: string;
  /** Columns that are shown; the one that is sorted by may be another. */
  readonly columns: readonly string[];
  readonly order: Order;
}

/** Reads rows, the first `sortedRowsMax` of the filter, and gives them in an order; nulls come last, and NaN before them. */
export async function readSorted(request: SortRequest, signal: AbortSignal): Promise<RowSource> {
  const { dataset, filter, order } = request;
  const columns = [...new Set([...request.columns, order.by])];
  const selection = { dataset, columns, limit: sortedRowsMax, ...(filter && { filter }) };
  const chunks: RowChunk[] = [];
  const keys: SortKey[] = [];
  for await (const batch of readSelection(selection, signal)) {
    // What the readers need of a batch is copied when they are made.
    chunks.push(toChunk(batch, keys.length));
    pushKeys(keys, batch, order.by);
  }
  return createOrderedSource(chunks, orderRows(keys, order.isDescending));
}

function createOrderedSource(chunks: readonly RowChunk[], order: Uint32Array): RowSource {
  return {
    rowCount: order.length,
    async *read({ rowStart, rowEnd }, columns) {
      const places = [...order.subarray(rowStart, rowEnd)].map((row) => placeOf(chunks, row));
      const cells = new Map(
        columns.map((column) => [
          column,
          (index: number) => {
            const { chunk, row } = places[index]!;
            return chunk.cells.get(column)!(row);
          },
        ]),
      );
      yield { rowStart, rowCount: places.length, cells };
    },
  };
}

/** The chunk that has a row: the last that does not start behind it. */
function placeOf(chunks: readonly RowChunk[], row: number): { chunk: RowChunk; row: number } {
  const chunk = chunks.findLast(({ rowStart }) => rowStart <= row)!;
  return { chunk, row: row - chunk.rowStart };
}

function pushKeys(keys: SortKey[], { columns, dictionaries, rowCount }: Batch, name: string): void {
  const read = sortKeys(
    columns.find(({ field }) => field.name === name)!,
    dictionaries,
  );
  for (let i = 0; i < rowCount; i++) keys.push(read(i));
}

/** Reads what the elements of a column are compared by: numbers and times as such, everything else by its text. */
function sortKeys(array: ArrayView, dictionaries: Dictionaries): ElementReader<SortKey> {
  if (array.field.dictionary || !isCounted(array.field.type)) return textCells(array, dictionaries);
  const isValid = readValidity(array);
  const read = readScalars(array);
  return (index) => (isValid(index) ? (read(index) as number | bigint) : null);
}

function isCounted({ kind }: DataType): boolean {
  return ["int", "float", "decimal", "date", "time", "timestamp", "duration"].includes(kind);
}
