import { copyPieces } from "../flight/index.ts";
import type { GatheredPiece } from "./gather-pieces.ts";

/**
 * The memory of the Sends of one stream that are under way. New memory for each Send would take longer to allocate than
 * to fill.
 */
export class SendBuffers {
  readonly #free: ArrayBuffer[] = [];

  /** Returns the bytes of a piece as one array, which is the caller's until `release`. They are copied once. */
  join({ chunks, byteLength }: GatheredPiece): Uint8Array<ArrayBuffer> {
    const index = this.#free.findIndex((each) => each.byteLength >= byteLength);
    const [buffer = new ArrayBuffer(byteLength)] = index < 0 ? [] : this.#free.splice(index, 1);
    const bytes = new Uint8Array(buffer, 0, byteLength);
    copyPieces(bytes, 0, chunks);
    return bytes;
  }

  /** Takes memory back that nothing reads any more. */
  release({ buffer }: Uint8Array<ArrayBuffer>): void {
    // Sends grow, and smaller buffers are of no use to the next ones.
    while (this.#free[0] && this.#free[0].byteLength < buffer.byteLength) this.#free.shift();
    if (!this.#free[0] || this.#free[0].byteLength === buffer.byteLength) this.#free.push(buffer);
  }
}
