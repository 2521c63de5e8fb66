import type { ParquetPool } from "../workers/pool.ts";
import type { ReadBytes, SliceJob } from "./slice-bytes.ts";

/**
 * Bytes of a row group that several slices need. They are freed when all slices and the creator have called `leave`.
 */
export class RowGroupBytes {
  /** The first slice. */
  readonly job: SliceJob;
  readonly bytes: Promise<ReadBytes>;
  readonly #pool: ParquetPool;
  #userCount = 1;
  #read: ReadBytes | undefined;
  #heldBytes = 0;

  constructor(pool: ParquetPool, job: SliceJob, bytes: Promise<ReadBytes>) {
    this.#pool = pool;
    this.job = job;
    this.bytes = bytes;
    // The users of `bytes` get the error.
    bytes.then((read) => this.#keep(read)).catch(() => {});
  }

  /** Adds a user. */
  enter(): void {
    this.#userCount++;
  }

  /** Removes a user. */
  leave(): void {
    if (--this.#userCount === 0) this.#free();
  }

  /** Counts the bytes as read ahead from now on, because a paused reader keeps them. */
  #keep(read: ReadBytes): void {
    this.#read = read;
    this.#hold(read.pieces.reduce((sum, piece) => sum + piece.bytes.byteLength, 0));
    read.release();
    if (this.#userCount === 0) this.#free();
  }

  #free(): void {
    this.#hold(0);
    for (const { bytes } of this.#read?.pieces ?? []) bytes.buffer.transfer(0);
  }

  #hold(byteLength: number): void {
    this.#pool.readAhead.heldBytes += byteLength - this.#heldBytes;
    this.#heldBytes = byteLength;
  }
}
