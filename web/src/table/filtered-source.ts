import type { KnownVersion } from "../api/assert-current.ts";
import { readSelection } from "../api/read-selection.ts";
import type { RowChunk, RowRange, RowSource } from "./row-source.ts";
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
  readonly #dataset: KnownVersion;
  readonly #filter: string;
  readonly #countedColumn: string;
  readonly #listeners = new Set<() => void>();

  /** @param countedColumn - the one that is read to count rows, best of a narrow type */
  constructor(dataset: KnownVersion, filter: string, countedColumn: string) {
    this.#dataset = dataset;
    this.#filter = filter;
    this.#countedColumn = countedColumn;
  }

  read(range: RowRange, columns: readonly string[], signal: AbortSignal): AsyncIterable<RowChunk> {
    return createSelectionSource(this.#dataset, this.rowCount, this.#filter).read(range, columns, signal);
  }

  /** Tells whenever more rows have been counted. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Counts the rows, which takes the time that the server takes to look through them. Throws what the server says of the filter. */
  async count(signal: AbortSignal): Promise<void> {
    let toldMs = 0;
    let rowCount = 0;
    const selection = { filter: this.#filter, columns: [this.#countedColumn] };
    for await (const batch of readSelection(this.#dataset, selection, signal)) {
      rowCount += batch.rowCount;
      const nowMs = performance.now();
      if (nowMs - toldMs < tellMs) continue;
      toldMs = nowMs;
      // A count that begins anew takes nothing back.
      this.#tell(Math.max(rowCount, this.rowCount));
    }
    this.isCounted = true;
    this.#tell(rowCount);
  }

  #tell(rowCount: number): void {
    this.rowCount = rowCount;
    for (const listener of this.#listeners) listener();
  }
}
