/** Gives memory for so many bytes, whatever is in it. */
export type Allocate = (byteLength: number) => Uint8Array<ArrayBuffer>;

/**
 * Memory for the IPC streams of one writer's row groups, used over and over: fresh memory has to be handed out
 * page by page, which takes ten times as long as copying into it.
 */
export class StreamBuffers {
  readonly #free: ArrayBuffer[] = [];

  /** Memory for so many bytes, which may hold what it held before. */
  take(byteLength: number): Uint8Array<ArrayBuffer> {
    const index = this.#free.findIndex((buffer) => buffer.byteLength >= byteLength);
    const [buffer] = index === -1 ? [] : this.#free.splice(index, 1);
    if (buffer) return new Uint8Array(buffer, 0, byteLength);
    // What is too small for this group is so for most that follow.
    this.#free.length = 0;
    return new Uint8Array(new ArrayBuffer(roundUp(byteLength)), 0, byteLength);
  }

  /** Takes back a buffer that nobody uses any more. */
  giveBack(buffer: ArrayBuffer): void {
    this.#free.push(buffer);
  }
}

/** Row groups differ a little in size; a buffer of whole mebibytes serves most of them. */
function roundUp(byteLength: number): number {
  const step = 1024 * 1024;
  return Math.ceil(byteLength / step) * step;
}
