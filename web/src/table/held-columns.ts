import type { ElementReader } from "hangar/flight";
import { readFirstRows, type Batch, type ReadDataset } from "../api/read-selection.ts";
import { HeldSize } from "./held-size.ts";
import { toChunk } from "./selection-source.ts";
import type { Cell } from "./show-cells.ts";

/** Rows that the page holds at most, to sort them, or because the server cannot send some of them. */
export const heldRowsMax = 100_000;

/** Bytes of Arrow data that it holds at most, however few rows they are; with the batch that goes beyond. */
const heldBytesMax = 128 * 2 ** 20;

/** How far beyond that columns may be expected to go, by the rows that have come, before their read is given up. */
const hopelessRatio = 2;

/** Bytes that columns which are only likely to be needed may have before they are given up, with the batch that goes beyond. */
const likelyBytesMax = 32 * 2 ** 20;

/** Which rows are held. */
export interface HeldRows {
  readonly dataset: ReadDataset;
  /** Empty for all rows. */
  readonly filter: string;
}

/** Columns that are read first. */
export interface FirstColumns {
  readonly needed: readonly string[];
  /** Read too, if they are not large. */
  readonly likely: readonly string[];
}

/** Is told of the first read. */
export interface StartOptions {
  /** Reading begins, perhaps anew. */
  onStart(): void;
  /** Is given each batch, while it is valid. */
  onBatch(batch: Batch): void;
  onShare(share: number): void;
}

/** One column of the rows that are held, in the parts that it has come in. */
interface HeldColumn {
  readonly parts: { readonly rowStart: number; readonly read: ElementReader<Cell> }[];
  readonly size: HeldSize;
}

/**
 * Holds columns of the first rows that meet a filter, in the order in which they are stored. A column is read when it is
 * first needed, once; those that were needed longest ago are forgotten when there are too many bytes.
 */
export class HeldColumns {
  /** Rows that are held; settled by the first read. */
  rowCount = heldRowsMax;
  /** Whether these are all rows that meet the filter. */
  isAll = false;
  readonly #rows: HeldRows;
  /** A map keeps the order in which they were last needed. */
  readonly #columns = new Map<string, HeldColumn>();
  readonly #large = new Set<string>();
  readonly #leaving = new AbortController();
  #last: Promise<unknown> = Promise.resolve();

  constructor(rows: HeldRows) {
    this.#rows = rows;
  }

  /** Reads the first columns, which settle how many rows are held: as many as there is room for in those that are needed. */
  async start({ needed, likely }: FirstColumns, signal: AbortSignal, options: StartOptions): Promise<void> {
    const columns = [...new Set([...needed, ...likely])];
    const held = createColumns(columns);
    const bytesMax = columns.length > needed.length ? likelyBytesMax : heldBytesMax;
    let [rowCount, isCut] = [0, false];
    const rows = { ...this.#rows, columns, limit: heldRowsMax, onShare: options.onShare };
    options.onStart();
    for await (const batch of readFirstRows(this.#rows.dataset, rows, signal)) {
      options.onBatch(batch);
      addBatch(held, batch, rowCount);
      rowCount += batch.rowCount;
      isCut = bytesOf(held.values()) > bytesMax;
      if (isCut) break;
    }
    if (isCut && columns.length > needed.length) return await this.start({ needed, likely: [] }, signal, options);
    this.rowCount = rowCount;
    this.isAll = !isCut && rowCount < heldRowsMax;
    for (const [name, column] of held) this.#columns.set(name, column);
  }

  /**
   * Has columns held. One load goes on after the other, and to its end: whoever scrolls meanwhile needs its columns too.
   *
   * @param wanted - a load that nobody wants any more is not begun
   * @returns the columns that are too large to be held
   */
  async load(
    columns: readonly string[],
    wanted: AbortSignal,
    onShare?: (share: number) => void,
  ): Promise<readonly string[]> {
    const loading = this.#last.then(() => (wanted.aborted ? undefined : this.#load(columns, onShare)));
    this.#last = loading.catch(() => {});
    await loading;
    return columns.filter((name) => this.#large.has(name));
  }

  /** Reads the cells of a column that is held, by the row's place among those that are held. */
  reader(name: string): ElementReader<Cell> {
    const { parts } = this.#columns.get(name)!;
    return (row) => {
      const part = parts.findLast(({ rowStart }) => rowStart <= row)!;
      return part.read(row - part.rowStart);
    };
  }

  /** Ends what is being read. */
  close(): void {
    this.#leaving.abort();
  }

  async #load(columns: readonly string[], onShare?: (share: number) => void): Promise<void> {
    for (const name of columns) {
      const column = this.#columns.get(name);
      if (column === undefined) continue;
      this.#columns.delete(name);
      this.#columns.set(name, column);
    }
    for (;;) {
      const missing = columns.filter((name) => !this.#columns.has(name) && !this.#large.has(name));
      if (missing.length === 0 || (await this.#read(missing, new Set(columns), onShare))) return;
    }
  }

  /** Reads columns beside those that are needed too. Returns false if there is no room: then the largest is left out. */
  async #read(
    columns: readonly string[],
    needed: ReadonlySet<string>,
    onShare?: (share: number) => void,
  ): Promise<boolean> {
    const held = createColumns(columns);
    let rowCount = 0;
    const rows = { ...this.#rows, columns, limit: this.rowCount };
    for await (const batch of readFirstRows(this.#rows.dataset, rows, this.#leaving.signal)) {
      addBatch(held, batch, rowCount);
      rowCount += batch.rowCount;
      onShare?.(rowCount / this.rowCount);
      const byteLength = bytesOf(held.values());
      const isHopeless = (byteLength * this.rowCount) / rowCount > hopelessRatio * heldBytesMax;
      if (!isHopeless && this.#makeRoom(byteLength, needed)) continue;
      const [largest] = [...held].toSorted(([, a], [, b]) => b.size.byteLength - a.size.byteLength);
      this.#large.add(largest![0]);
      return false;
    }
    for (const [name, column] of held) this.#columns.set(name, column);
    return true;
  }

  /** Forgets columns that are not needed until there is room for some bytes; returns whether there is. */
  #makeRoom(byteLength: number, needed: ReadonlySet<string>): boolean {
    for (const name of this.#columns.keys()) {
      if (bytesOf(this.#columns.values()) + byteLength <= heldBytesMax) return true;
      if (!needed.has(name)) this.#columns.delete(name);
    }
    return bytesOf(this.#columns.values()) + byteLength <= heldBytesMax;
  }
}

function createColumns(names: readonly string[]): Map<string, HeldColumn> {
  return new Map(names.map((name) => [name, { parts: [], size: new HeldSize() }]));
}

/** What the readers need of a batch is copied when they are made. */
function addBatch(held: ReadonlyMap<string, HeldColumn>, batch: Batch, rowStart: number): void {
  const { cells } = toChunk(batch, rowStart);
  for (const column of batch.columns) {
    const { parts, size } = held.get(column.field.name)!;
    parts.push({ rowStart, read: cells.get(column.field.name)! });
    size.add(column, batch.dictionaries);
  }
}

function bytesOf(columns: Iterable<HeldColumn>): number {
  let byteLength = 0;
  for (const { size } of columns) byteLength += size.byteLength;
  return byteLength;
}
