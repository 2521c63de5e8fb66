/** Bytes that are appended one after the other. */
export class GrowingBytes {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  /** @param byteLength - the expected length */
  constructor(byteLength = 1024) {
    this.#bytes = new Uint8Array(Math.max(byteLength, 16));
  }

  /** Returns a copy of the bytes. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.byteLength);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.byteLength;
  }

  /** Appends a number of seven bits a byte, the lowest first. @param value - from 0 to 2^53 */
  varint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.byte((rest % 0x80) | 0x80);
    this.byte(rest);
  }

  #reserve(byteLength: number): void {
    if (this.#length + byteLength <= this.#bytes.byteLength) return;
    const grown = new Uint8Array(Math.max(this.#length + byteLength, 2 * this.#bytes.byteLength));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
