import type { StoredFile } from "../../storage/index.ts";
import { fetchRanges, joinRanges } from "../workers/fetch-ranges.ts";
import type { ParquetPool } from "../workers/pool.ts";
import type { DecodeJob, FilePiece } from "../workers/worker-protocol.ts";
import { RowGroupBytes } from "./row-group-bytes.ts";

/** The job that decodes a slice. */
export type SliceJob = Omit<DecodeJob, "kind">;

/** The bytes of a slice. */
export interface FetchedSlice {
  readonly pieces: readonly FilePiece[];
  /** The buffers that are transferred to the worker; empty if other slices share them. */
  readonly transfer: ArrayBuffer[];
  /** Releases the bytes. Call it once, after the slice was decoded. */
  release(): void;
}

/** Options of `SliceBytes.fetch`. */
export interface FetchOptions {
  /** Whether the next slice has rows of the same row group. */
  readonly isContinued: boolean;
  /** The stream of the job, for taking turns with other streams. */
  readonly stream: object;
  readonly signal: AbortSignal;
}

/** Bytes of the row groups of a slice. */
export interface ReadBytes {
  readonly pieces: readonly FilePiece[];
  /** Whether they are sufficient for any rows of the row groups. */
  readonly isWhole: boolean;
  /** Releases their share of the memory limit for bytes that are not decoded yet. */
  readonly release: () => void;
}

/** Reads the bytes of slices before workers decode them, for a file without a descriptor. */
export class SliceBytes {
  readonly #pool: ParquetPool;
  readonly #file: StoredFile;
  /** The bytes of the row group that the last slice did not finish. */
  #shared: RowGroupBytes | undefined;

  constructor(pool: ParquetPool, file: StoredFile) {
    this.#pool = pool;
    this.#file = file;
  }

  /** Reads the bytes of a slice when the memory limit allows it. @throws the storage's error; the signal's reason */
  async fetch(job: SliceJob, options: FetchOptions): Promise<FetchedSlice> {
    const shared = this.#share(job, options);
    if (shared === undefined) return toMoved(await this.#read(job, options));
    const { pieces, isWhole } = await shared.bytes;
    const release = (): void => shared.leave();
    if (isWhole || shared.job === job) return { pieces, transfer: [], release };
    release();
    return toMoved(await this.#read(job, options));
  }

  /** Releases the bytes that are kept for the next slice. */
  close(): void {
    this.#shared?.leave();
    this.#shared = undefined;
  }

  /**
   * Returns the bytes that the slice shares with others of its row group, and adds it as a user; undefined if it shares
   * none.
   */
  #share(job: SliceJob, options: FetchOptions): RowGroupBytes | undefined {
    const { heldBytes, bytesMax } = this.#pool.readAhead;
    const keeps = options.isContinued && heldBytes < bytesMax;
    const isKnown = this.#shared?.job.rowGroupIndices.at(-1) === job.rowGroupIndices[0];
    const known = isKnown ? this.#shared : undefined;
    const shared = known ?? (keeps ? new RowGroupBytes(this.#pool, job, this.#read(job, options)) : undefined);
    shared?.enter();
    if (shared !== this.#shared || !keeps) this.close();
    if (keeps) this.#shared = shared;
    return shared;
  }

  async #read(job: SliceJob, { stream, signal }: FetchOptions): Promise<ReadBytes> {
    const planned = await this.#pool.run({ ...job, kind: "ranges" }, { stream, signal, file: this.#file });
    const ranges = joinRanges(planned.ranges);
    const byteLength = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
    const release = await this.#pool.fetching.take(byteLength, signal);
    try {
      return { pieces: await fetchRanges(this.#file, ranges, signal), isWhole: planned.isWhole, release };
    } catch (reason) {
      release();
      throw reason;
    }
  }
}

function toMoved({ pieces, release }: ReadBytes): FetchedSlice {
  return { pieces, transfer: pieces.map(({ bytes }) => bytes.buffer), release };
}
