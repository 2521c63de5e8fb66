import type { StoredFile } from "../../storage/index.ts";
import { narrowedRowsMax, narrowedRowsMin, narrowingPauseMax, slicesAhead } from "./limits.ts";
import type { ParquetPool } from "../workers/pool.ts";
import type { NarrowJob } from "../workers/worker-protocol.ts";
import type { RowSpan } from "./read-plan.ts";

/** The part of a narrow job that all spans share. */
export type NarrowSource = Omit<NarrowJob, "kind" | "spans">;

/** What is narrowed. */
export interface NarrowedFile {
  readonly stored: StoredFile;
  readonly source: NarrowSource;
  readonly spans: readonly RowSpan[];
}

/**
 * Narrows spans to the rows that meet a filter, before other columns than the filter's are decoded. It goes on a few
 * parts ahead of the consumer. Where most rows meet the filter, spans pass as they are.
 */
export class NarrowedSpans {
  readonly #pool: ParquetPool;
  readonly #file: StoredFile;
  readonly #source: NarrowSource;
  readonly #signal: AbortSignal;
  readonly #parts: Iterator<readonly RowSpan[], undefined>;
  readonly #ahead: Promise<readonly RowSpan[]>[] = [];
  #pause = 0;
  #passCount = 0;

  constructor(pool: ParquetPool, { stored, source, spans }: NarrowedFile, signal: AbortSignal) {
    this.#pool = pool;
    this.#file = stored;
    this.#source = source;
    this.#signal = signal;
    this.#parts = divide(spans);
  }

  /** Returns the next spans to read, which may be none; undefined at the end. @throws the signal's reason */
  async next(): Promise<readonly RowSpan[] | undefined> {
    this.#fill();
    const next = this.#ahead.shift();
    const narrowed = await next;
    this.#fill();
    return narrowed;
  }

  /** Waits for the running jobs. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#ahead);
  }

  #fill(): void {
    while (this.#ahead.length < slicesAhead) {
      const { value: part, done } = this.#parts.next();
      if (done) return;
      const narrowing = this.#passCount > 0 ? Promise.resolve(part) : this.#narrow(part);
      if (this.#passCount > 0) this.#passCount -= 1;
      narrowing.catch(() => {});
      this.#ahead.push(narrowing);
    }
  }

  async #narrow(spans: readonly RowSpan[]): Promise<readonly RowSpan[]> {
    const job = { kind: "narrow", ...this.#source, spans } as const;
    const options = { stream: this, file: this.#file, signal: this.#signal };
    const narrowed: readonly RowSpan[] = await this.#pool.run(job, options).catch(() => {
      this.#signal.throwIfAborted();
      // Decoding reports the error, and explains it.
      return spans;
    });
    const isNarrower = countRows(narrowed) < countRows(spans);
    this.#pause = isNarrower ? 0 : Math.min(2 * this.#pause || 1, narrowingPauseMax);
    this.#passCount = this.#pause;
    return narrowed;
  }
}

function countRows(spans: readonly RowSpan[]): number {
  return spans.reduce((sum, { rowCount }) => sum + rowCount, 0);
}

/** Divides spans into jobs. They grow, so that the first rows come soon. */
function* divide(spans: readonly RowSpan[]): Generator<readonly RowSpan[], undefined> {
  let rowCountMax = narrowedRowsMin;
  let part: RowSpan[] = [];
  for (const span of spans) {
    for (let start = 0; start < span.rowCount;) {
      const rowCount = Math.min(rowCountMax - countRows(part), span.rowCount - start);
      const isWhole = span.isWhole && rowCount === span.rowCount;
      const byteLength = span.byteLength * (rowCount / span.rowCount);
      part.push({ ...span, rowStart: span.rowStart + start, rowCount, isWhole, byteLength });
      start += rowCount;
      if (countRows(part) < rowCountMax) continue;
      yield part;
      part = [];
      rowCountMax = Math.min(2 * rowCountMax, narrowedRowsMax);
    }
  }
  if (part.length > 0) yield part;
  return undefined;
}
