import type { ElementReader } from "hangar/flight";
import type { Order } from "../state/view.ts";
import { sortKeys } from "./array-keys.ts";
import { HeldColumns, type HeldRows } from "./held-columns.ts";
import { orderRows, planNeighbours, type SortKey } from "./order-rows.ts";
import type { RowChunk, RowSource } from "./row-source.ts";
import { createSelectionSource } from "./selection-source.ts";
import type { Cell } from "./show-cells.ts";
import { startWork } from "../state/work.ts";

/** Rows next to each other that are read together of columns that are too large to be held. */
const largeRowsMax = 32;

/** What to hold. */
export interface HeldRequest extends HeldRows {
  /**
   * Columns that are held from the beginning: all that are shown, where the server sends whole datasets. Others are read
   * when they come into view.
   */
  readonly columns: readonly string[];
  /**
   * Columns that are likely to be seen first. With a filter, they are read together with the sorted one, so that the server
   * looks for the rows once.
   */
  readonly likely: readonly string[];
  /** The column that rows are sorted by; undefined keeps them as they come. */
  readonly sortedBy: string | undefined;
  /** Gives the work up. */
  onCancel(): void;
}

/** Rows that are held, and what they are sorted by. */
export interface Held {
  readonly request: HeldRequest;
  readonly columns: HeldColumns;
  readonly keys: readonly SortKey[];
}

/**
 * Reads the first rows of the filter, as many as the page holds: the column that they are sorted by, and with a filter
 * those that are likely to be seen. Others are read as they come into view.
 */
export async function holdRows(request: HeldRequest, signal: AbortSignal): Promise<Held> {
  const { sortedBy, onCancel, filter, likely } = request;
  const columns = new HeldColumns(request);
  let keys: SortKey[] = [];
  const needed = [...new Set([...request.columns, ...(sortedBy === undefined ? [] : [sortedBy])])];
  const work = startWork(sortedBy === undefined ? "Reading rows" : `Sorting by ${sortedBy}`, onCancel);
  try {
    await columns.start({ needed, likely: filter === "" ? [] : likely }, signal, {
      onShare: work.progress,
      onStart: () => (keys = []),
      onBatch(batch) {
        const sorted = batch.columns.find(({ field }) => field.name === sortedBy);
        if (sorted === undefined) return;
        const read = sortKeys(sorted, batch.dictionaries);
        for (let i = 0; i < batch.rowCount; i++) keys.push(read(i));
      },
    });
  } finally {
    work.end();
  }
  return { request, columns, keys };
}

/** Gives rows that are held in an order: nulls last, and NaN before them; as they have come where there is none. */
export function orderHeld({ request, columns: held, keys }: Held, order: Order | undefined): RowSource {
  const { rowCount } = held;
  const places = order ? orderRows(keys, order.isDescending) : Uint32Array.from({ length: rowCount }, (_, row) => row);
  return {
    rowCount,
    placeOf: (row) => places[row]!,
    async *read({ rowStart, rowEnd }, columns, { signal, onShare }) {
      const large = await held.load(columns, signal, onShare);
      if (signal.aborted) return;
      const rows = places.subarray(rowStart, rowEnd);
      const readers = new Map(columns.filter((name) => !large.includes(name)).map((name) => [name, held.reader(name)]));
      if (large.length === 0) yield toOrdered(rows, rowStart, readers);
      else yield* readLarge({ request, rows, rowStart, readers, large }, signal);
    },
  };
}

function toOrdered(rows: Uint32Array, rowStart: number, readers: ReadonlyMap<string, ElementReader<Cell>>): RowChunk {
  const cells = [...readers].map(([name, read]) => [name, (index: number) => read(rows[index]!)] as const);
  return { rowStart, rowCount: rows.length, cells: new Map(cells) };
}

interface LargeRows {
  readonly request: HeldRequest;
  /** The rows to read, by their places among those that meet the filter, in the order in which they are shown. */
  readonly rows: Uint32Array;
  /** The place of the first in the table. */
  readonly rowStart: number;
  /** The columns that are held. */
  readonly readers: ReadonlyMap<string, ElementReader<Cell>>;
  readonly large: readonly string[];
}

/** Reads columns that are too large to be held, for these rows alone. */
async function* readLarge(
  { request, rows, rowStart, readers, large }: LargeRows,
  signal: AbortSignal,
): AsyncGenerator<RowChunk> {
  const { dataset, filter } = request;
  const source = createSelectionSource(dataset, rows.length, filter);
  for (const { start, end } of planNeighbours(rows, largeRowsMax)) {
    const shown = rows.subarray(start, end);
    const first = Math.min(...shown);
    const chunks: RowChunk[] = [];
    for await (const chunk of source.read({ rowStart: first, rowEnd: first + shown.length }, large, { signal })) {
      chunks.push(chunk);
    }
    const placed = large.map((name) => [name, (row: number) => cellOf(chunks, name, row)] as const);
    yield toOrdered(shown, rowStart + start, new Map([...readers, ...placed]));
  }
}

/** A cell of a row, by its place, among chunks that follow each other. */
function cellOf(chunks: readonly RowChunk[], name: string, row: number): Cell {
  const chunk = chunks.findLast(({ rowStart }) => rowStart <= row)!;
  return chunk.cells.get(name)!(row - chunk.rowStart);
}
