import { rowGroupBytesTarget } from "./row-group-size.ts";

/** The maximum size of a kept buffer in bytes. A wide row group fits with its headers; one with a huge dictionary does not. */
const keptBytesMax = 3 * rowGroupBytesTarget;

/** A stream with fewer bytes gets a buffer of about its size. */
const smallBytesMax = 1024 * 1024;

/**
 * Reusable memory for the IPC streams of row groups, shared by all writers of a pool. Fresh memory is allocated page by
 * page, which takes ten times as long as copying into it.
 */
export class StreamBuffers {
  readonly #freeCountMax: number;
  /** The free buffers; the last one was returned last. */
  readonly #free: ArrayBuffer[] = [];

  /** @param freeCountMax - the number of unused buffers that are kept */
  constructor(freeCountMax: number) {
    this.#freeCountMax = freeCountMax;
  }

  /** Returns memory of a length in bytes, with arbitrary content. */
  take(byteLength: number): Uint8Array<ArrayBuffer> {
    const index = this.#free.findIndex((buffer) => buffer.byteLength >= byteLength);
    const [buffer] = index === -1 ? [] : this.#free.splice(index, 1);
    if (buffer) return new Uint8Array(buffer, 0, byteLength);
    return new Uint8Array(new ArrayBuffer(roundUp(byteLength)), 0, byteLength);
  }

  /** Returns an unused buffer to the pool. */
  giveBack(buffer: ArrayBuffer): void {
    if (buffer.byteLength > keptBytesMax) return;
    this.#free.push(buffer);
    if (this.#free.length > this.#freeCountMax) free(this.#free.shift());
  }

  /** Frees all unused buffers. */
  clear(): void {
    for (const buffer of this.#free.splice(0)) free(buffer);
  }
}

/** Frees a buffer now, before the garbage collector would. */
function free(buffer: ArrayBuffer | undefined): void {
  buffer?.transfer(0);
}

/**
 * Rounds up to whole mebibytes: row groups differ a little in size, and such a buffer fits most of them. A small stream
 * gets a small buffer, because a thousand mebibytes of a thousand small puts keep the garbage collector busy.
 */
function roundUp(byteLength: number): number {
  const step = byteLength < smallBytesMax ? 16 * 1024 : 1024 * 1024;
  return Math.ceil(byteLength / step) * step;
}
