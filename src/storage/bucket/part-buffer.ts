/** The size of a new buffer in bytes. Small datasets need little memory. */
const firstByteLength = 64 * 1024;

/** Collects the bytes of one part. */
export class PartBuffer {
  readonly #byteLengthMax: number;
  #memory: Uint8Array<ArrayBuffer>;
  #byteLength = 0;

  /**
   * @param byteLengthMax - the length of the part
   * @param memory - memory of that length; by default, it grows with the bytes
   */
  constructor(byteLengthMax: number, memory?: Uint8Array<ArrayBuffer>) {
    this.#byteLengthMax = byteLengthMax;
    this.#memory = memory ?? new Uint8Array(Math.min(firstByteLength, byteLengthMax));
  }

  /** Whether no more bytes fit. */
  get isFull(): boolean {
    return this.#byteLength === this.#byteLengthMax;
  }

  /** The memory, for another part of the same length; undefined if it is smaller. */
  get memory(): Uint8Array<ArrayBuffer> | undefined {
    return this.#memory.byteLength === this.#byteLengthMax ? this.#memory : undefined;
  }

  /** The bytes so far, not copied. */
  get bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#byteLength);
  }

  /** Copies as many bytes as fit. Returns their number. */
  take(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, this.#byteLengthMax - this.#byteLength);
    this.#reserve(this.#byteLength + taken.byteLength);
    this.#memory.set(taken, this.#byteLength);
    this.#byteLength += taken.byteLength;
    return taken.byteLength;
  }

  #reserve(byteLength: number): void {
    if (byteLength <= this.#memory.byteLength) return;
    const doubled = Math.max(byteLength, 2 * this.#memory.byteLength);
    const memory = Buffer.allocUnsafeSlow(Math.min(doubled, this.#byteLengthMax));
    memory.set(this.bytes);
    this.#memory = memory;
  }
}
