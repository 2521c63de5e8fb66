import type { ElementReader } from "hangar/flight";
import type { Cell } from "./show-cells.ts";

/** Which rows: from `rowStart` (inclusive) to `rowEnd` (exclusive). */
export interface RowRange {
  readonly rowStart: number;
  readonly rowEnd: number;
}

/** Some rows of some columns, as the text of docs/rows.md; rows are counted from 0 within the chunk. */
export interface RowChunk {
  readonly rowStart: number;
  readonly rowCount: number;
  readonly cells: ReadonlyMap<string, ElementReader<Cell>>;
}

/** Where the rows of a table come from. */
export interface RowSource {
  readonly rowCount: number;
  /** Whether there are no more rows to come; left out where their number is settled. */
  readonly isCounted?: boolean;
  /** Rows that have been read before; none where left out. */
  readonly known?: readonly RowChunk[];
  /** Tells when there are more rows; left out where their number is settled. */
  subscribe?(listener: () => void): () => void;
  /** The place of a row among those that meet the filter, as they are stored; the same where left out. */
  placeOf?(row: number): number;
  /** Reads rows in their order, chunk by chunk, of columns that are named. */
  read(range: RowRange, columns: readonly string[], options: ReadOptions): AsyncIterable<RowChunk>;
}

/** How rows are read. */
export interface ReadOptions {
  readonly signal: AbortSignal;
  /** Told how far it is, from 0 to 1, where that takes its time and is known. */
  readonly onShare?: (share: number) => void;
}
