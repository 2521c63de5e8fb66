import type { ByteRange } from "./pieced-bytes.ts";
import type { PlannedBuffer } from "./planned-buffer.ts";

/**
 * The buffers of a body that will be written. They are in lists of numbers, and most are plain copies: a wide table has
 * thousands of buffers in each batch, and an object for each would keep the garbage collector busy.
 */
export class BodyPlan {
  /** The length of the body in bytes. Each buffer starts at a multiple of 8. */
  byteLength = 0;
  /** The offset and the length of each buffer in the body, in turns, in bytes. */
  readonly places: number[] = [];
  /** The source of each buffer, or the function that writes it. */
  readonly #sources: (ByteRange | PlannedBuffer["write"])[] = [];
  /** The offset of each buffer in its source. */
  readonly #starts: number[] = [];

  /** Adds a buffer that is a copy of some bytes. */
  addCopy(source: ByteRange, byteOffset: number, byteLength: number): void {
    this.#add(byteLength, source, byteOffset);
  }

  /** Adds a buffer that a function writes. */
  addWritten({ byteLength, write }: PlannedBuffer): void {
    this.#add(byteLength, write, 0);
  }

  /** Writes all buffers. The bytes between them become 0, because they leave the process. */
  writeTo(body: Uint8Array): void {
    for (let i = 0; i < this.#sources.length; i++) {
      const byteOffset = this.places[2 * i]!;
      const byteLength = this.places[2 * i + 1]!;
      const source = this.#sources[i]!;
      if (byteLength === 0) continue;
      const end = byteOffset + byteLength;
      if (typeof source === "function") source(body.subarray(byteOffset, end));
      else source.copyInto(body, { at: byteOffset, byteOffset: this.#starts[i]!, byteLength });
      for (let at = end; at % 8 !== 0; at++) body[at] = 0;
    }
  }

  #add(byteLength: number, source: ByteRange | PlannedBuffer["write"], start: number): void {
    this.places.push(this.byteLength, byteLength);
    this.#sources.push(source);
    this.#starts.push(start);
    this.byteLength += Math.ceil(byteLength / 8) * 8;
  }
}
