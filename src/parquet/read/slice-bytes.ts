import type { StoredFile } from "../../storage/index.ts";
import { fetchRanges, joinRanges } from "../workers/fetch-ranges.ts";
import type { ParquetPool } from "../workers/pool.ts";
import type { DecodeJob, FilePiece } from "../workers/worker-protocol.ts";
import { SharedBytes } from "./shared-bytes.ts";

/** What a slice is decoded by. */
export type SliceJob = Omit<DecodeJob, "kind">;

/** What was read for a slice. */
export interface FetchedSlice {
  readonly pieces: readonly FilePiece[];
  /** The buffers that move to the worker: none where other slices need them too. */
  readonly transfer: ArrayBuffer[];
  /** To be called once, when the slice has been decoded. */
  release(): void;
}

/** How a slice is read. */
export interface FetchOptions {
  /** Whether the next slice has rows of the same row group. */
  readonly isContinued: boolean;
  /** Whatever reads the file: streams take turns. */
  readonly stream: object;
  readonly signal: AbortSignal;
}

/** Bytes that were read for a slice. */
export interface ReadBytes {
  readonly pieces: readonly FilePiece[];
  /** Whether they are all that any rows of the row groups need. */
  readonly isWhole: boolean;
  /** Gives the room back that they take until they are decoded. */
  readonly release: () => void;
}

/** Reads the bytes of slices of a file without a descriptor, before workers decode them. */
export class SliceBytes {
  readonly #pool: ParquetPool;
  readonly #file: StoredFile;
  /** Of the row group that the last slice left unfinished. */
  #shared: SharedBytes | undefined;

  constructor(pool: ParquetPool, file: StoredFile) {
    this.#pool = pool;
    this.#file = file;
  }

  /** Reads what a slice needs, once there is room for it. @throws what the storage throws; the signal's reason */
  async fetch(job: SliceJob, options: FetchOptions): Promise<FetchedSlice> {
    const shared = this.#share(job, options);
    if (shared === undefined) return toMoved(await this.#read(job, options));
    const { pieces, isWhole } = await shared.bytes;
    const release = (): void => shared.leave();
    if (isWhole || shared.job === job) return { pieces, transfer: [], release };
    release();
    return toMoved(await this.#read(job, options));
  }

  /** Lets go of what is kept for a next slice. */
  close(): void {
    this.#shared?.leave();
    this.#shared = undefined;
  }

  /** The bytes that the slice shares with others of its row group, of which it is a user; undefined where it does not. */
  #share(job: SliceJob, options: FetchOptions): SharedBytes | undefined {
    const { heldBytes, bytesMax } = this.#pool.readAhead;
    const keeps = options.isContinued && heldBytes < bytesMax;
    const isKnown = this.#shared?.job.rowGroupIndices.at(-1) === job.rowGroupIndices[0];
    const known = isKnown ? this.#shared : undefined;
    const shared = known ?? (keeps ? new SharedBytes(this.#pool, job, this.#read(job, options)) : undefined);
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
