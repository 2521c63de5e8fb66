import { createFrame, FlightError, frameByteLength, type FlightFrame } from "../../flight/index.ts";
import { decodeMessage, messageKind, projectSchemaHeader } from "../../arrow/index.ts";
import type { BoundFilter } from "../../filter/index.ts";
import { DictionaryDigests } from "./dictionary-digests.ts";
import { toReadError } from "./facts.ts";
import type { ParquetFacts } from "./parquet-facts.ts";
import { slicesAhead, wasmMemoryBytesMax } from "../limits.ts";
import type { StoredFile } from "../../storage/index.ts";
import { SliceBytes } from "./slice-bytes.ts";
import { fetchEnd } from "../workers/fetch-ranges.ts";
import { toOpenFile } from "../workers/open-file.ts";
import type { ParquetPool } from "../workers/pool.ts";
import {
  planSlice,
  planWindow,
  readStart,
  type MeasuredSlice,
  type ReadPosition,
  type RowSegment,
  type RowWindow,
  type Slice,
} from "./read-plan.ts";
import type { DecodedSlice, DecodeJob, MovedFrame } from "../workers/worker-protocol.ts";

/** How a file is read, and which rows of it. */
export interface ReadOptions extends RowWindow {
  /** Ends the read: what waits for a worker is taken back. */
  readonly signal: AbortSignal;
  /** Columns at the top level, by their index in the schema, rising; all where left out. */
  readonly columnIndices?: readonly number[] | undefined;
  /** Which of those rows are read, bound to this schema; all by default. */
  readonly filter?: BoundFilter | undefined;
}

/** The header of the first frame that `readParquetFrames` gives for these columns, or for all. */
export function readSchemaHeader({ schemaHeader }: ParquetFacts, columnIndices?: readonly number[]): Uint8Array {
  return columnIndices ? projectSchemaHeader(schemaHeader, columnIndices) : schemaHeader;
}

/**
 * Reads a file as frames: the schema first, then dictionaries and record batches of about 2 MiB each.
 *
 * Of columns and rows that are not asked for, as little is read and decoded as the file's indexes allow.
 * A few slices are decoded ahead of the consumer and never the whole file; while the consumer pauses, no
 * worker is held. The bodies belong to the consumer.
 *
 * @param file - stays the caller's; once the generator has ended, or `return()` has settled, no worker uses it
 * @throws FlightError DATA_LOSS where the file cannot be decoded, DEADLINE_EXCEEDED where that takes longer than a
 * job may, RESOURCE_EXHAUSTED where a single row takes more than a message or a worker may have; the signal's reason when
 * it is aborted
 */
export async function* readParquetFrames(
  pool: ParquetPool,
  file: StoredFile,
  facts: ParquetFacts,
  options: ReadOptions,
): AsyncGenerator<FlightFrame> {
  const { signal } = options;
  yield createFrame({ header: readSchemaHeader(facts, options.columnIndices) });
  const reader = await openReader(pool, file, facts, options);
  const dictionaries = new DictionaryDigests();
  try {
    for (let frames = await reader.next(); frames; frames = await reader.next()) {
      for (const moved of frames) {
        signal.throwIfAborted();
        const frame = createFrame(moved);
        if (messageKind(frame.header) === "record_batch") yield { ...frame, release: () => release(frame) };
        else if (!isRepeated(frame, dictionaries)) yield frame;
      }
    }
  } finally {
    await reader.close();
  }
}

/**
 * Frees what the bodies of a batch take: their memory lies outside of V8's heap, which would collect it late, while
 * the next batches take fresh memory, at ten times the cost.
 */
function release({ body }: FlightFrame): void {
  for (const { buffer } of body) if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}

function isRepeated(frame: FlightFrame, dictionaries: DictionaryDigests): boolean {
  const message = decodeMessage(frame.header);
  return message.kind === "dictionary_batch" && !dictionaries.replace(message.id, frame);
}

/** Leaves out, where there is a filter, what its statistics tell to have no such row. */
async function openReader(
  pool: ParquetPool,
  file: StoredFile,
  facts: ParquetFacts,
  options: ReadOptions,
): Promise<SliceReader> {
  const { signal, columnIndices, filter } = options;
  const source = {
    file: toOpenFile(file, facts.shownSchema),
    schemaHeader: facts.schemaHeader,
    ...(columnIndices && { columnIndices }),
  };
  await fetchEnd(file);
  let segments: readonly RowSegment[] = planWindow(facts.rowGroups, options);
  if (filter) {
    const job = { kind: "prune", ...source, filter, segments } as const;
    segments = await pool.run(job, { stream: file, file, signal }).catch((reason: unknown) => {
      throw toReadError(reason);
    });
  }
  return new SliceReader(pool, { stored: file, source: { ...source, ...(filter && { filter }) }, segments }, signal);
}

interface Ahead {
  readonly slice: Slice;
  /** Where the reader was when it was planned. */
  readonly position: ReadPosition;
  readonly frames: Promise<readonly MovedFrame[]>;
  heldBytes: number;
}

/** What every job is told of the file, and of what is wanted of it. */
type SliceSource = Pick<DecodeJob, "file" | "schemaHeader" | "columnIndices" | "filter">;

/** What is read. */
interface SlicedFile {
  readonly stored: StoredFile;
  readonly source: SliceSource;
  readonly segments: readonly RowSegment[];
}

/** Decodes slices in order, a few ahead of the one that is asked for, within what the pool lets readers hold. */
class SliceReader {
  readonly #pool: ParquetPool;
  readonly #file: StoredFile;
  /** What reads bytes ahead of the workers, unless they read a descriptor themselves. */
  readonly #bytes: SliceBytes | undefined;
  readonly #source: SliceSource;
  readonly #segments: readonly RowSegment[];
  readonly #leaving = new AbortController();
  readonly #signal: AbortSignal;
  readonly #ahead: Ahead[] = [];
  #current: Ahead | undefined;
  #position = readStart;
  #measured: MeasuredSlice | undefined;

  constructor(pool: ParquetPool, { stored, source, segments }: SlicedFile, signal: AbortSignal) {
    this.#pool = pool;
    this.#file = stored;
    this.#bytes = stored.fd === undefined ? new SliceBytes(pool, stored) : undefined;
    this.#source = source;
    this.#segments = segments;
    this.#signal = AbortSignal.any([signal, this.#leaving.signal]);
  }

  /** The frames of the next slice, or undefined at the end. The slice before is not held any more. */
  async next(): Promise<readonly MovedFrame[] | undefined> {
    for (;;) {
      this.#release();
      this.#fill({ sliceCountMin: 1 });
      this.#current = this.#ahead.shift();
      if (this.#current === undefined) return undefined;
      try {
        const frames = await this.#current.frames;
        this.#fill({ sliceCountMin: 0 });
        return frames;
      } catch (reason) {
        await this.#tryFewerRows(this.#current, reason);
      }
    }
  }

  /** Takes back what waits, and waits for what runs. */
  async close(): Promise<void> {
    this.#leaving.abort();
    await Promise.allSettled(this.#ahead.map(({ frames }) => frames));
    this.#release();
    for (const ahead of this.#ahead.splice(0)) this.#hold(ahead, 0);
    this.#bytes?.close();
  }

  /**
   * Starts again where a slice started that took more memory than there is: rows may be far larger than those before.
   *
   * @throws the reason, where it is another, or one row is too much
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

  /** Has slices decoded: at least so many, and some ahead while readers may hold more. */
  #fill({ sliceCountMin }: { sliceCountMin: number }): void {
    for (;;) {
      const { heldBytes, bytesMax } = this.#pool.readAhead;
      // Until the first slice is measured, nothing is known that others could be planned by.
      const aheadMax = this.#measured?.isCostly ? 1 : slicesAhead;
      const sliceCount = this.#measured && heldBytes < bytesMax ? aheadMax : sliceCountMin;
      if (this.#ahead.length >= sliceCount) return;
      const planned = planSlice({
        segments: this.#segments,
        position: this.#position,
        measured: this.#measured,
        freeBytes: bytesMax - heldBytes,
      });
      if (planned === undefined) return;
      const isContinued = planned.next.segmentIndex === this.#position.segmentIndex;
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
    // Whoever asks for the slice gets its error; one that nobody asks for any more must not end the process.
    ahead.frames.catch(() => this.#hold(ahead, 0));
    return ahead;
  }

  async #run(slice: Slice, isContinued: boolean): Promise<DecodedSlice> {
    const job = { kind: "decode", ...this.#source, ...slice } as const;
    const options = { stream: this, file: this.#file, signal: this.#signal };
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
