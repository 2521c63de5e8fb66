import { rowGroupBytesTarget } from "./row-group-size.ts";

/** Gives memory for so many bytes, whatever is in it. */
export type Allocate = (byteLength: number) => Uint8Array<ArrayBuffer>;

/** The largest buffer that is kept, in bytes: a usual row group's. One with a huge dictionary is not kept for it. */
const keptBytesMax = 2 * rowGroupBytesTarget;

/**
 * Memory for the IPC streams of row groups, used over and over by all writers of a pool: fresh memory has to be
 * handed out page by page, which takes ten times as long as copying into it.
 */
export class StreamBuffers {
  readonly #freeCountMax: number;
  /** The last that was given back is the last here. */
  readonly #free: ArrayBuffer[] = [];

  /** @param freeCountMax - buffers that are kept while nobody uses them */
  constructor(freeCountMax: number) {
    this.#freeCountMax = freeCountMax;
  }

  /** Memory for so many bytes, which may hold what it held before. */
  take(byteLength: number): Uint8Array<ArrayBuffer> {
    const index = this.#free.findIndex((buffer) => buffer.byteLength >= byteLength);
    const [buffer] = index === -1 ? [] : this.#free.splice(index, 1);
    if (buffer) return new Uint8Array(buffer, 0, byteLength);
    return new Uint8Array(new ArrayBuffer(roundUp(byteLength)), 0, byteLength);
  }

  /** Takes back a buffer that nobody uses any more. */
  giveBack(buffer: ArrayBuffer): void {
    if (buffer.byteLength > keptBytesMax) return;
    this.#free.push(buffer);
    if (this.#free.length > this.#freeCountMax) free(this.#free.shift());
  }

  /** Frees what nobody uses. */
  clear(): void {
    for (const buffer of this.#free.splice(0)) free(buffer);
  }
}

/** Frees a buffer at once, not when the garbage collector next looks. */
function free(buffer: ArrayBuffer | undefined): void {
  buffer?.transfer(0);
}

/** Row groups differ a little in size; a buffer of whole mebibytes serves most of them. */
function roundUp(byteLength: number): number {
  const step = 1024 * 1024;
  return Math.ceil(byteLength / step) * step;
}
