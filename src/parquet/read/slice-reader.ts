import { createFrame, FlightError, frameByteLength, LinkedAbort } from "../../flight/index.ts";
import { countColumns } from "../../arrow/index.ts";
import { toReadError } from "./facts.ts";
import { wasmMemoryBytesMax } from "../limits.ts";
import { fetchedSlicesAhead, narrowedBytesMin, slicesAhead } from "./limits.ts";
import type { StoredFile } from "../../storage/index.ts";
import { NarrowedSpans } from "./narrowed-spans.ts";
import { SliceBytes } from "./slice-bytes.ts";
import type { ParquetPool } from "../workers/pool.ts";
import {
  isShared,
  isWide,
  planSlice,
  readStart,
  type MeasuredSlice,
  type ReadPosition,
  type RowSpan,
  type Slice,
} from "./read-plan.ts";
import type { DecodedSlice, DecodeJob, MovedFrame } from "../workers/worker-protocol.ts";

/**
 * Returns whether rows are looked for by the columns of the filter, before the others are decoded. From a remote storage,
 * these columns would be read twice. Of few bytes, all columns are decoded sooner.
 */
function isNarrowed({ stored, source: { columnIndices, filter }, spans }: SlicedFile): boolean {
  const byteLength = spans.reduce((sum, span) => sum + span.byteLength, 0);
  if (byteLength < narrowedBytesMin) return false;
  const isOther = (columnIndex: number): boolean => !filter?.columnIndices.includes(columnIndex);
  return stored.fd !== undefined && filter !== undefined && (columnIndices?.some(isOther) ?? true);
}

/** A constant, because the normal end of a read needs no stack trace. */
const readEnded = new FlightError("cancelled", "the read has ended");

interface Ahead {
  readonly slice: Slice;
  /** The position of the reader before the slice. */
  readonly position: ReadPosition;
  readonly frames: Promise<readonly MovedFrame[]>;
  heldBytes: number;
}

/** The part of a decode job that all slices share: the file, the columns and the filter. */
type SliceSource = Pick<DecodeJob, "file" | "schemaHeader" | "columnIndices" | "filter">;

/** The source of the slices. */
export interface SlicedFile {
  readonly stored: StoredFile;
  readonly source: SliceSource;
  readonly spans: readonly RowSpan[];
}

/** Decodes slices in order, a few ahead of the consumer, within the memory limit that all readers of the pool share. */
export class SliceReader {
  readonly #pool: ParquetPool;
  readonly #file: StoredFile;
  /** Reads bytes ahead of the workers; undefined if the workers read a file descriptor themselves. */
  readonly #bytes: SliceBytes | undefined;
  readonly #source: SliceSource;
  readonly #spans: RowSpan[] = [];
  /** Where more spans come from; undefined if all are known. */
  readonly #narrowed: NarrowedSpans | undefined;
  readonly #leaving: LinkedAbort;
  readonly #ahead: Ahead[] = [];
  /** The number of decoded columns. */
  readonly #columnCount: number;
  #current: Ahead | undefined;
  #position = readStart;
  #measured: MeasuredSlice | undefined;

  constructor(pool: ParquetPool, sliced: SlicedFile, signal: AbortSignal) {
    const { stored, source, spans } = sliced;
    this.#pool = pool;
    this.#file = stored;
    this.#bytes = stored.fd === undefined ? new SliceBytes(pool, stored) : undefined;
    this.#source = source;
    this.#columnCount = source.columnIndices?.length ?? countColumns(source.schemaHeader);
    this.#leaving = new LinkedAbort(signal);
    const { filter } = source;
    if (filter && isNarrowed(sliced)) {
      const file = { stored, source: { ...source, filter }, spans };
      this.#narrowed = new NarrowedSpans(pool, file, this.#leaving.signal);
    } else this.#spans.push(...spans);
  }

  /** Starts decoding the first slice, if its rows are known. */
  start(): void {
    this.#fill({ sliceCountMin: 1 });
  }

  /** Returns the frames of the next slice; undefined at the end. Releases the previous slice. */
  async next(): Promise<readonly MovedFrame[] | undefined> {
    for (;;) {
      this.#release();
      this.#fill({ sliceCountMin: 1 });
      this.#current = this.#ahead.shift();
      if (this.#current === undefined) {
        const spans = await this.#narrowed?.next();
        if (spans === undefined) return undefined;
        this.#spans.push(...spans);
        continue;
      }
      try {
        const frames = await this.#current.frames;
        this.#fill({ sliceCountMin: 0 });
        return frames;
      } catch (reason) {
        await this.#tryFewerRows(this.#current, reason);
      }
    }
  }

  /** Cancels the waiting jobs and waits for the running ones. */
  async close(): Promise<void> {
    this.#leaving.abort(readEnded);
    await Promise.allSettled(this.#ahead.map(({ frames }) => frames));
    await this.#narrowed?.close();
    this.#release();
    for (const ahead of this.#ahead.splice(0)) this.#hold(ahead, 0);
    this.#bytes?.close();
  }

  /**
   * Restarts with fewer rows after a slice ran out of memory: its rows may be much larger than the previous ones.
   *
   * @throws the reason, if it is another one or the slice has only one row
   */
  async #tryFewerRows({ slice, position }: Ahead, reason: unknown): Promise<void> {
    const { rowGroupIndices, rowStart, rowCount } = slice;
    if (!(reason instanceof FlightError) || reason.code !== "resource_exhausted") throw reason;
    if (rowCount === 1) {
      const place = `row ${rowStart} of row group ${rowGroupIndices[0]}, or the page that it is in`;
      throw new FlightError(reason.code, `${reason.message} (${place})`, { cause: reason });
    }
    await Promise.allSettled(this.#ahead.map(({ frames }) => frames));
    for (const ahead of this.#ahead.splice(0)) this.#hold(ahead, 0);
    this.#position = position;
    this.#measured = { rowCount, byteLength: wasmMemoryBytesMax };
  }

  #release(): void {
    if (this.#current) this.#hold(this.#current, 0);
    this.#current = undefined;
  }

  /** Starts decoding slices: at least `sliceCountMin`, and some more while the readers' memory limit allows it. */
  #fill({ sliceCountMin }: { sliceCountMin: number }): void {
    for (;;) {
      const { heldBytes, bytesMax } = this.#pool.readAhead;
      const freeBytes = bytesMax - heldBytes;
      // Before the first slice is measured, the size of the next ones is only estimated, and they would be larger.
      const isLarge = isWide({ columnCount: this.#columnCount, freeBytes });
      const isKnown = this.#measured !== undefined || isLarge || isShared(this.#spans);
      const aheadMax = this.#measured?.isCostly ? 1 : slicesAhead + (this.#bytes ? fetchedSlicesAhead : 0);
      const sliceCount = isKnown && freeBytes > 0 ? aheadMax : sliceCountMin;
      if (this.#ahead.length >= sliceCount) return;
      const planned = planSlice({
        spans: this.#spans,
        position: this.#position,
        measured: this.#measured,
        freeBytes,
        columnCount: this.#columnCount,
      });
      if (planned === undefined) return;
      const isContinued = planned.next.spanIndex === this.#position.spanIndex;
      this.#ahead.push(this.#decode(planned.slice, this.#position, isContinued));
      this.#position = planned.next;
    }
  }

  #decode(slice: Slice, position: ReadPosition, isContinued: boolean): Ahead {
    const ahead: Ahead = {
      slice,
      position,
      heldBytes: 0,
      frames: this.#run(slice, isContinued).then((decoded) => this.#measure(ahead, slice, decoded)),
    };
    this.#hold(ahead, slice.expectedBytes);
    // The consumer of the slice gets its error. Without a consumer, the error must not end the process.
    ahead.frames.catch(() => this.#hold(ahead, 0));
    return ahead;
  }

  async #run(slice: Slice, isContinued: boolean): Promise<DecodedSlice> {
    const job = { kind: "decode", ...this.#source, ...slice } as const;
    const options = { stream: this, file: this.#file, signal: this.#leaving.signal };
    try {
      if (this.#bytes === undefined) return await this.#pool.run(job, options);
      const { pieces, transfer, release } = await this.#bytes.fetch(job, { ...options, isContinued });
      try {
        return await this.#pool.run({ ...job, pieces }, { ...options, transfer });
      } finally {
        release();
      }
    } catch (reason) {
      throw toReadError(reason);
    }
  }

  #measure(ahead: Ahead, { rowCount }: { rowCount: number }, decoded: DecodedSlice): readonly MovedFrame[] {
    const { frames, byteLength, isCostly } = decoded;
    this.#measured = { rowCount, byteLength, isCostly };
    this.#hold(
      ahead,
      frames.reduce((sum, frame) => sum + frameByteLength(createFrame(frame)), 0),
    );
    return frames;
  }

  #hold(ahead: Ahead, heldBytes: number): void {
    this.#pool.readAhead.heldBytes += heldBytes - ahead.heldBytes;
    ahead.heldBytes = heldBytes;
  }
}
