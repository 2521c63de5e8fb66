import { partBytesMin } from "./limits.ts";

/** The number of unused parts whose memory is kept for the next ones. Allocating it anew takes longer than sending it. */
const freeCountMax = 4;

/** The memory of parts that fill, of all uploads of a storage. */
export class PartMemory {
  readonly #bytesMax: number;
  readonly #free: Uint8Array<ArrayBuffer>[] = [];
  #heldBytes = 0;

  /** @param bytesMax - the maximum of all parts together */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The number of bytes that are held. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Takes memory. Returns false if there is too little. */
  take(byteLength: number): boolean {
    if (this.#heldBytes + byteLength > this.#bytesMax) return false;
    this.#heldBytes += byteLength;
    return true;
  }

  /** Gives memory back. */
  release(byteLength: number): void {
    this.#heldBytes -= byteLength;
  }

  /** Allocates memory. It is not cleared, because only written bytes are sent. */
  allocate(byteLength: number): Uint8Array<ArrayBuffer> {
    return (byteLength === partBytesMin ? this.#free.pop() : undefined) ?? Buffer.allocUnsafeSlow(byteLength);
  }

  /** Takes memory that is no longer used. */
  recycle(memory: Uint8Array<ArrayBuffer>): void {
    if (memory.byteLength === partBytesMin && this.#free.length < freeCountMax) this.#free.push(memory);
  }
}
