import { readScalars, readValidity, type ArrayView, type ElementReader } from "hangar/flight";
import { textCells, type Dictionaries } from "hangar/rows";
import { readFirstRows, type Batch, type ReadDataset } from "../api/read-selection.ts";
import type { Order } from "../state/view.ts";
import { orderRows, type SortKey } from "./order-rows.ts";
import type { RowChunk, RowSource } from "./row-source.ts";
import { isMeasure, toSortKey } from "./sort-key.ts";
import { toChunk } from "./selection-source.ts";

/** Rows that the page holds at most, to sort them, or because the server cannot send some of them. */
export const heldRowsMax = 100_000;

/** Bytes of Arrow data that it holds at most, however few rows they are; with the batch that goes beyond. */
const heldBytesMax = 128 * 2 ** 20;

/** What to hold. */
export interface HeldRequest {
  readonly dataset: ReadDataset;
  readonly filter: string;
  /** Columns that are shown; the one that is sorted by may be another. */
  readonly columns: readonly string[];
  /** As they come where left out. */
  readonly order: Order | undefined;
}

/**
 * Reads rows of the filter, from its first, as many as the page holds, and gives them in an order; nulls come last, and
 * NaN before them.
 */
export async function readHeld(
  { dataset, filter, columns, order }: HeldRequest,
  signal: AbortSignal,
): Promise<RowSource> {
  const read = order ? [...new Set([...columns, order.by])] : columns;
  const chunks: RowChunk[] = [];
  const keys: SortKey[] = [];
  const size = new HeldSize();
  let rowCount = 0;
  for await (const batch of readFirstRows(dataset, { columns: read, filter, limit: heldRowsMax }, signal)) {
    // What the readers need of a batch is copied when they are made.
    chunks.push(toChunk(batch, rowCount));
    if (order) pushKeys(keys, batch, order.by);
    rowCount += batch.rowCount;
    if (size.add(batch) > heldBytesMax) break;
  }
  const rows = order ? orderRows(keys, order.isDescending) : Uint32Array.from({ length: rowCount }, (_, row) => row);
  return createOrderedSource(chunks, rows);
}

/** Adds up what batches take; a dictionary that several of them have counts once. */
class HeldSize {
  readonly #dictionaries = new Set<ArrayView>();
  #byteLength = 0;

  /** @returns the bytes of all batches by now */
  add({ columns, dictionaries }: Batch): number {
    for (const column of columns) this.#add(column, dictionaries);
    return this.#byteLength;
  }

  #add(array: ArrayView, dictionaries: Dictionaries): void {
    for (const buffer of array.buffers) this.#byteLength += buffer.byteLength;
    for (const child of array.children) this.#add(child, dictionaries);
    if (array.field.dictionary === undefined) return;
    for (const values of dictionaries.valuesOf(array.field)) {
      if (this.#dictionaries.has(values)) continue;
      this.#dictionaries.add(values);
      this.#add(values, dictionaries);
    }
  }
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
  if (array.field.dictionary || !isMeasure(array.field.type)) {
    const cells = textCells(array, dictionaries);
    return (index) => {
      const text = cells(index);
      return text === null ? null : toSortKey(array.field.type, text);
    };
  }
  const isValid = readValidity(array);
  const read = readScalars(array);
  return (index) => (isValid(index) ? (read(index) as number | bigint) : null);
}
