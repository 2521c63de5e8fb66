import { hash } from "node:crypto";

/** Byte arrays that many values have in common, such as the schema of daily datasets. Equal arrays are kept once. */
export class SharedBytes {
  readonly #held = new Map<string, { readonly bytes: Uint8Array; useCount: number }>();
  #byteLength = 0;

  /** The size of all kept arrays, in bytes. */
  get byteLength(): number {
    return this.#byteLength;
  }

  /** Returns the kept array that equals an array, and counts its use. */
  use(bytes: Uint8Array): Uint8Array {
    const digest = digestOf(bytes);
    const held = this.#held.get(digest) ?? { bytes, useCount: 0 };
    if (held.useCount === 0) {
      this.#held.set(digest, held);
      this.#byteLength += bytes.byteLength;
    }
    held.useCount += 1;
    return held.bytes;
  }

  /** Ends a use. The last one drops the array. */
  release(bytes: Uint8Array): void {
    const digest = digestOf(bytes);
    const held = this.#held.get(digest);
    if (held === undefined || --held.useCount > 0) return;
    this.#held.delete(digest);
    this.#byteLength -= bytes.byteLength;
  }
}

function digestOf(bytes: Uint8Array): string {
  return hash("sha256", bytes, "base64");
}
