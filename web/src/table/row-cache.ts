import { FlightError } from "hangar/flight";
import type { Cell } from "./show-cells.ts";
import type { ReadOptions, RowChunk, RowRange, RowSource } from "./row-source.ts";

/** Rows of one column that are kept and forgotten together. */
export const blockRowCount = 128;

/** Cells that are kept: about 30 screens of 40 rows and 25 columns, and two screens where those are larger. */
const cellsMax = 256 * blockRowCount;

/** Characters of a cell that are kept, more than any column shows; the whole value is read when it is asked for. */
export const cellCharsMax = 300;

/** A cell that there is more of. */
const cutMark = "…";

/** Columns and rows to be read by one call. */
export interface ReadPlan extends RowRange {
  readonly columns: readonly string[];
}

/** Keeps the cells around what is looked at; what was looked at longest ago is forgotten first. */
export class RowCache {
  /** By column and block; a map keeps the order in which they were last asked for. */
  readonly #blocks = new Map<string, Cell[]>();
  readonly #source: RowSource;
  readonly #show: (column: string, text: string) => string;

  /** @param show - what is shown of a value of a column */
  constructor(source: RowSource, show: (column: string, text: string) => string) {
    this.#source = source;
    this.#show = show;
    source.known?.forEach((chunk) => this.#add(chunk));
  }

  /** A cell; undefined where it is not here. */
  get(row: number, column: string): Cell | undefined {
    return this.#blocks.get(keyOf(column, Math.floor(row / blockRowCount)))?.[row % blockRowCount];
  }

  /**
   * What has to be read so that a range is here: of each column that lacks something, all blocks that any of them
   * lacks. Undefined where nothing does.
   */
  plan(range: RowRange, columns: readonly string[]): ReadPlan | undefined {
    // What is in view may lie behind the end of rows that have just come.
    const [rowStart, rowEnd] = [range.rowStart, Math.min(range.rowEnd, this.#source.rowCount)];
    if (rowStart >= rowEnd) return undefined;
    const [first, last] = [Math.floor(rowStart / blockRowCount), Math.ceil(rowEnd / blockRowCount) - 1];
    const lacking = new Set<string>();
    let [start, end] = [Infinity, -Infinity];
    for (const column of columns) {
      for (let block = first; block <= last; block++) {
        if (this.#touch(column, block)) continue;
        lacking.add(column);
        [start, end] = [Math.min(start, block), Math.max(end, block)];
      }
    }
    if (lacking.size === 0) return undefined;
    const rowEndMax = Math.min(this.#source.rowCount, (end + 1) * blockRowCount);
    return { columns: [...lacking], rowStart: start * blockRowCount, rowEnd: rowEndMax };
  }

  /**
   * Reads what a plan says. `onRows` is called whenever cells have come.
   *
   * @throws FlightError DATA_LOSS where there are fewer rows than the source has said; whatever the source throws
   */
  async read(plan: ReadPlan, options: ReadOptions, onRows: () => void): Promise<void> {
    const blockCount = plan.columns.length * Math.ceil((plan.rowEnd - plan.rowStart) / blockRowCount);
    const blocksMax = Math.max(cellsMax / blockRowCount, 2 * blockCount);
    let readCount = 0;
    for await (const chunk of this.#source.read(plan, plan.columns, options)) {
      this.#add(chunk);
      this.#forget(blocksMax);
      readCount += chunk.rowCount;
      onRows();
    }
    if (readCount < plan.rowEnd - plan.rowStart) {
      throw new FlightError("data_loss", "the server has sent fewer rows than it has said that there are");
    }
  }

  /** Whether a block is whole; it is then the last to be forgotten. */
  #touch(column: string, block: number): boolean {
    const key = keyOf(column, block);
    const cells = this.#blocks.get(key);
    if (cells === undefined) return false;
    this.#blocks.delete(key);
    this.#blocks.set(key, cells);
    return cells.length >= Math.min(blockRowCount, this.#source.rowCount - block * blockRowCount);
  }

  #add({ rowStart, rowCount, cells }: RowChunk): void {
    for (const [column, read] of cells) {
      for (let i = 0; i < rowCount; i++) this.#set(rowStart + i, column, this.#cut(column, read(i)));
    }
  }

  #set(row: number, column: string, cell: Cell): void {
    const key = keyOf(column, Math.floor(row / blockRowCount));
    let cells = this.#blocks.get(key);
    if (cells === undefined) this.#blocks.set(key, (cells = []));
    cells[row % blockRowCount] = cell;
  }

  #cut(column: string, text: Cell): Cell {
    if (text === null) return null;
    const shown = this.#show(column, text);
    return shown.length > cellCharsMax ? shown.slice(0, cellCharsMax).replace(/…$/, "") + cutMark : shown;
  }

  #forget(blocksMax: number): void {
    for (const key of this.#blocks.keys()) {
      if (this.#blocks.size <= blocksMax) return;
      this.#blocks.delete(key);
    }
  }
}

/** Whether a cell of the cache is the whole value. */
export function isWhole(cell: Cell): boolean {
  return cell === null || cell.length <= cellCharsMax;
}

function keyOf(column: string, block: number): string {
  return `${block} ${column}`;
}
