import type { StoredFile } from "../../storage/index.ts";
import { narrowedRowsMax, narrowedRowsMin, narrowingPauseMax, slicesAhead } from "./limits.ts";
import type { ParquetPool } from "../workers/pool.ts";
import type { NarrowJob } from "../workers/worker-protocol.ts";
import type { RowSegment } from "./read-plan.ts";

/** The part of a narrow job that all segments share. */
export type NarrowSource = Omit<NarrowJob, "kind" | "segments">;

/** What is narrowed. */
export interface NarrowedFile {
  readonly stored: StoredFile;
  readonly source: NarrowSource;
  readonly segments: readonly RowSegment[];
}

/**
 * Narrows segments to the rows that meet a filter, before other columns than the filter's are decoded. It goes on a few
 * parts ahead of the consumer. Where most rows meet the filter, segments pass as they are.
 */
export class NarrowedSegments {
  readonly #pool: ParquetPool;
  readonly #file: StoredFile;
  readonly #source: NarrowSource;
  readonly #signal: AbortSignal;
  readonly #parts: Iterator<readonly RowSegment[], undefined>;
  readonly #ahead: Promise<readonly RowSegment[]>[] = [];
  #pause = 0;
  #passCount = 0;

  constructor(pool: ParquetPool, { stored, source, segments }: NarrowedFile, signal: AbortSignal) {
    this.#pool = pool;
    this.#file = stored;
    this.#source = source;
    this.#signal = signal;
    this.#parts = divide(segments);
  }

  /** Returns the next segments to read, which may be none; undefined at the end. @throws the signal's reason */
  async next(): Promise<readonly RowSegment[] | undefined> {
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

  async #narrow(segments: readonly RowSegment[]): Promise<readonly RowSegment[]> {
    const job = { kind: "narrow", ...this.#source, segments } as const;
    const options = { stream: this, file: this.#file, signal: this.#signal };
    const narrowed: readonly RowSegment[] = await this.#pool.run(job, options).catch(() => {
      this.#signal.throwIfAborted();
      // Decoding reports the error, and explains it.
      return segments;
    });
    const isNarrower = countRows(narrowed) < countRows(segments);
    this.#pause = isNarrower ? 0 : Math.min(2 * this.#pause || 1, narrowingPauseMax);
    this.#passCount = this.#pause;
    return narrowed;
  }
}

function countRows(segments: readonly RowSegment[]): number {
  return segments.reduce((sum, { rowCount }) => sum + rowCount, 0);
}

/** Divides segments into jobs. They grow, so that the first rows come soon. */
function* divide(segments: readonly RowSegment[]): Generator<readonly RowSegment[], undefined> {
  let rowCountMax = narrowedRowsMin;
  let part: RowSegment[] = [];
  for (const segment of segments) {
    for (let start = 0; start < segment.rowCount;) {
      const rowCount = Math.min(rowCountMax - countRows(part), segment.rowCount - start);
      const isWhole = segment.isWhole && rowCount === segment.rowCount;
      const byteLength = segment.byteLength * (rowCount / segment.rowCount);
      part.push({ ...segment, rowStart: segment.rowStart + start, rowCount, isWhole, byteLength });
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
