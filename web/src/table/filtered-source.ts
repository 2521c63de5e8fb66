import { readFirstRows, type ReadDataset } from "../api/read-selection.ts";
import type { ReadOptions, RowChunk, RowRange, RowSource } from "./row-source.ts";
import { createSelectionSource } from "./selection-source.ts";

/** How often a count that goes on is told, in milliseconds. */
const tellMs = 200;

/**
 * The rows that meet a filter. Nobody knows how many they are until they have been counted, so the table grows
 * while that goes on; the first rows are there at once.
 */
export class FilteredSource implements RowSource {
  /** Rows that have been counted. */
  rowCount = 0;
  /** Whether there are no more. */
  isCounted = false;
  readonly #dataset: ReadDataset;
  readonly #filter: string;
  readonly #countedColumn: string;
  readonly #listeners = new Set<() => void>();

  /** @param countedColumn - the one that is read to count rows, best of a narrow type */
  constructor(dataset: ReadDataset, filter: string, countedColumn: string) {
    this.#dataset = dataset;
    this.#filter = filter;
    this.#countedColumn = countedColumn;
  }

  read(range: RowRange, columns: readonly string[], options: ReadOptions): AsyncIterable<RowChunk> {
    return createSelectionSource(this.#dataset, this.rowCount, this.#filter).read(range, columns, options);
  }

  /** Tells whenever more rows have been counted. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Counts the rows, which takes the time that the server takes to look through them. Throws what the server says of the filter. */
  async count(signal: AbortSignal, onShare?: (share: number) => void): Promise<void> {
    let toldMs = 0;
    let rowCount = 0;
    const rows = { filter: this.#filter, columns: [this.#countedColumn], limit: Number.MAX_SAFE_INTEGER, onShare };
    for await (const batch of readFirstRows(this.#dataset, rows, signal)) {
      rowCount += batch.rowCount;
      const nowMs = performance.now();
      if (nowMs - toldMs < tellMs) continue;
      toldMs = nowMs;
      // A count that begins anew takes nothing back.
      this.#tell(Math.max(rowCount, this.rowCount));
    }
    this.settle(rowCount);
  }

  /** Takes the count of rows that others have read. */
  settle(rowCount: number): void {
    this.isCounted = true;
    this.#tell(rowCount);
  }

  #tell(rowCount: number): void {
    this.rowCount = rowCount;
    for (const listener of this.#listeners) listener();
  }
}
