import { startWork } from "../state/work.ts";
import { createEventTarget, type DataFrame, type DataFrameEvents } from "hightable";
import { RowCache, type ReadPlan } from "./row-cache.ts";
import { moreColumn } from "./more-columns.tsx";
import type { RowRange, RowSource } from "./row-source.ts";
import type { Cell } from "./show-cells.ts";

/** A column of a table. */
export interface TableColumn {
  readonly name: string;
  readonly isSortable: boolean;
  /** What is shown of a value. */
  show(text: string): string;
}

/** How long to wait after a read was given up before the next begins, so that a quick scroll asks for little; in milliseconds. */
const restMs = 50;

/** What a table shows, as HighTable asks for it: it reads what is in view, and no more than one range at a time. */
export class TableFrame implements DataFrame {
  numRows: number;
  readonly columnDescriptors: { name: string; sortable: boolean }[];
  readonly exclusiveSort = true;
  readonly eventTarget = createEventTarget<DataFrameEvents>();
  readonly #show: (column: string, text: string) => string;
  #source: RowSource;
  #cache: RowCache;
  /** Rows that stay until those of another source have come; undefined once they have. */
  #before: RowCache | undefined;
  readonly #onError: (reason: unknown) => void;
  #range: RowRange = { rowStart: 0, rowEnd: 0 };
  #columns: readonly string[] = [];
  #isTold = false;
  #reading: { readonly plan: ReadPlan; readonly leaving: AbortController } | undefined;

  constructor(source: RowSource, columns: readonly TableColumn[], onError: (reason: unknown) => void) {
    this.#source = source;
    this.numRows = source.rowCount;
    this.columnDescriptors = columns.map(({ name, isSortable }) => ({ name, sortable: isSortable }));
    const byName = new Map(columns.map((column) => [column.name, column]));
    // Rows that were known before may have columns that are hidden now.
    this.#show = (column, text) => byName.get(column)?.show(text) ?? text;
    this.#cache = new RowCache(source, this.#show);
    this.#onError = onError;
  }

  /** Sorted or not, the source gives rows in the order that they are shown in. */
  getRowNumber({ row }: { row: number }): { value: number } {
    return { value: row };
  }

  getCell({ row, column }: { row: number; column: string }): { value: Cell } | undefined {
    if (column === moreColumn) return { value: "" };
    const value = (this.#before ?? this.#cache).get(row, column);
    return value === undefined ? undefined : { value };
  }

  /** HighTable says which rows are in view; it names all columns, of which only those in view are read. */
  async fetch({ rowStart, rowEnd }: RowRange): Promise<void> {
    this.#range = { rowStart, rowEnd };
    this.#advance();
  }

  /** Says which columns are in view. */
  showColumns(columns: readonly string[]): void {
    this.#columns = columns;
    this.#advance();
  }

  /** Shows other rows, of the same columns; those before stay until the first of them have come. */
  show(source: RowSource): void {
    if (source === this.#source) return;
    this.close();
    this.#source = source;
    this.#before ??= this.#cache;
    this.#cache = new RowCache(source, this.#show);
    this.#advance();
    if (this.#reading === undefined) this.#swap();
  }

  /** Whether the rows that are drawn are not those of a source yet. */
  isBefore(source: RowSource): boolean {
    return source !== this.#source || this.#before !== undefined;
  }

  /** Tells when the rows of another source have come. */
  subscribe = (listener: () => void): (() => void) => {
    this.eventTarget.addEventListener("update", listener);
    return () => this.eventTarget.removeEventListener("update", listener);
  };

  #swap(): void {
    if (this.#before === undefined) return;
    this.#before = undefined;
    this.grow();
    this.eventTarget.dispatchEvent(new CustomEvent("update"));
  }

  /** The rows that are in view, and some around them. */
  get range(): RowRange {
    return this.#range;
  }

  /** The columns that are in view. */
  get columns(): readonly string[] {
    return this.#columns;
  }

  /** The characters of the longest cell of a column, of those in view that are here. */
  longestCell(column: string): number {
    let longest = 0;
    for (let row = this.#range.rowStart; row < this.#range.rowEnd; row++) {
      longest = Math.max(longest, this.#cache.get(row, column)?.length ?? 0);
    }
    return longest;
  }

  /** Takes the number of rows anew. */
  grow(): void {
    if (this.#before !== undefined) return;
    this.numRows = this.#source.rowCount;
    this.eventTarget.dispatchEvent(new CustomEvent("numrowschange"));
  }

  /** Reads again what is missing, after a failure. */
  retry(): void {
    this.#advance();
  }

  /** Ends what is being read. */
  close(): void {
    this.#reading?.leaving.abort();
    this.#reading = undefined;
  }

  #advance(): void {
    const plan = this.#cache.plan(this.#range, this.#columns);
    if (plan === undefined) return this.#tellKnown();
    if (this.#reading && isPartOf(plan, this.#reading.plan)) return;
    const isFirst = this.#reading === undefined;
    this.close();
    const reading = { plan, leaving: new AbortController() };
    this.#reading = reading;
    void this.#read(reading, isFirst ? 0 : restMs);
  }

  /** Tells once of cells that have not been read here, because they were known before. */
  #tellKnown(): void {
    if (this.#isTold || this.#columns.length === 0 || this.#range.rowStart >= this.#range.rowEnd) return;
    this.#isTold = true;
    queueMicrotask(() => this.eventTarget.dispatchEvent(new CustomEvent("resolve")));
  }

  async #read(reading: { plan: ReadPlan; leaving: AbortController }, delayMs: number): Promise<void> {
    const { signal } = reading.leaving;
    const cache = this.#cache;
    const work = startWork("Reading rows", () => this.close());
    try {
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (signal.aborted) return;
      this.#isTold = true;
      await cache.read(reading.plan, { signal, onShare: work.progress }, () => {
        this.#swap();
        this.eventTarget.dispatchEvent(new CustomEvent("resolve"));
      });
    } catch (reason) {
      if (signal.aborted) return;
      this.#swap();
      this.#onError(reason);
      return;
    } finally {
      work.end();
      if (this.#reading === reading) this.#reading = undefined;
    }
    if (signal.aborted) return;
    // Columns may have come into view meanwhile that the plan has not.
    this.#advance();
  }
}

function isPartOf(plan: ReadPlan, other: ReadPlan): boolean {
  return (
    plan.rowStart >= other.rowStart &&
    plan.rowEnd <= other.rowEnd &&
    plan.columns.every((column) => other.columns.includes(column))
  );
}
