import { FlightError } from "../flight/index.ts";

/** Which bytes are copied, and where to. */
export interface ByteCopy {
  /** The position in the target, in bytes. */
  readonly at: number;
  /** The position in the source, in bytes. */
  readonly byteOffset: number;
  /** How many bytes are copied. */
  readonly byteLength: number;
}

/** Bytes that lie in several pieces and are read as if they were one array. Views of the pieces, never a copy. */
export class PiecedBytes {
  readonly byteLength: number;
  readonly #pieces: readonly Uint8Array[];
  /** Where each piece starts, in bytes. */
  readonly #starts: Float64Array;

  constructor(pieces: readonly Uint8Array[]) {
    this.#pieces = pieces;
    this.#starts = new Float64Array(pieces.length);
    let byteLength = 0;
    pieces.forEach((piece, i) => {
      this.#starts[i] = byteLength;
      byteLength += piece.byteLength;
    });
    this.byteLength = byteLength;
  }

  /** A range of the bytes, which must lie inside. */
  range(byteOffset: number, byteLength: number): ByteRange {
    if (byteOffset + byteLength > this.byteLength) {
      throw new FlightError(
        "invalid_argument",
        `a buffer ends at byte ${byteOffset + byteLength} of a body of ${this.byteLength} bytes`,
      );
    }
    return new ByteRange(this, byteOffset, byteLength);
  }

  /** Copies bytes into a part of `target`. @throws RangeError if they end behind the last piece */
  copyInto(target: Uint8Array, { at, byteOffset, byteLength }: ByteCopy): void {
    const [first] = this.#pieces;
    if (first !== undefined && this.#pieces.length === 1) {
      const end = byteOffset + byteLength;
      if (end > first.byteLength) throw new RangeError("a copy reaches behind the last piece");
      return target.set(first.subarray(byteOffset, end), at);
    }
    let filled = 0;
    for (let i = this.#pieceAt(byteOffset); filled < byteLength; i++) {
      const piece = this.#pieces[i];
      if (piece === undefined) throw new RangeError("a copy reaches behind the last piece");
      const from = byteOffset + filled - this.#starts[i]!;
      const copied = Math.min(piece.byteLength - from, byteLength - filled);
      target.set(piece.subarray(from, from + copied), at + filled);
      filled += copied;
    }
  }

  /** The index of the last piece that starts at or before an offset: by bisection, as a body may have thousands. */
  #pieceAt(byteOffset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= byteOffset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

const scratch = new Uint8Array(8);
const scratchView = new DataView(scratch.buffer);

/** A buffer of an array: a range of the bytes of a body, which may be in several pieces. */
export class ByteRange {
  /** A range of no bytes. */
  static readonly empty = new ByteRange(new PiecedBytes([]), 0, 0);

  /** The length in bytes. */
  readonly byteLength: number;
  readonly #bytes: PiecedBytes;
  readonly #byteOffset: number;

  constructor(bytes: PiecedBytes, byteOffset: number, byteLength: number) {
    this.#bytes = bytes;
    this.#byteOffset = byteOffset;
    this.byteLength = byteLength;
  }

  /** Copies bytes from `byteOffset` on until `target` is full. @throws RangeError if the range is too short */
  copyTo(target: Uint8Array, byteOffset: number): void {
    this.copyInto(target, { at: 0, byteOffset, byteLength: target.byteLength });
  }

  /** Copies bytes into a part of `target`. @throws RangeError if the range is too short */
  copyInto(target: Uint8Array, { at, byteOffset, byteLength }: ByteCopy): void {
    if (byteOffset + byteLength > this.byteLength) throw new RangeError("a copy reaches behind its buffer");
    if (byteLength > 0) this.#bytes.copyInto(target, { at, byteOffset: this.#byteOffset + byteOffset, byteLength });
  }

  /** Returns the bits that are set here and in another range of the same length; a copy. */
  and(other: ByteRange): ByteRange {
    const [bits, others] = [new Uint8Array(this.byteLength), new Uint8Array(this.byteLength)];
    this.copyTo(bits, 0);
    other.copyTo(others, 0);
    for (let i = 0; i < bits.length; i++) bits[i]! &= others[i]!;
    return new PiecedBytes([bits]).range(0, bits.byteLength);
  }

  /** Reads a little-endian signed integer. @throws FlightError INVALID_ARGUMENT if it is not a safe integer */
  readInteger(byteOffset: number, byteWidth: 4 | 8): number {
    this.copyTo(scratch.subarray(0, byteWidth), byteOffset);
    if (byteWidth === 4) return scratchView.getInt32(0, true);
    const value = Number(scratchView.getBigInt64(0, true));
    if (!Number.isSafeInteger(value)) throw new FlightError("invalid_argument", `an offset is out of range (${value})`);
    return value;
  }

  /** Reads consecutive little-endian signed integers. @throws FlightError INVALID_ARGUMENT if one is not a safe integer */
  readIntegers(byteOffset: number, count: number, byteWidth: 4 | 8): Int32Array | Float64Array {
    const words = new Int32Array((count * byteWidth) / 4);
    this.copyTo(new Uint8Array(words.buffer), byteOffset);
    if (byteWidth === 4) return words;
    const integers = Float64Array.from(
      { length: count },
      (_, i) => words[2 * i + 1]! * 2 ** 32 + (words[2 * i]! >>> 0),
    );
    const tooLarge = integers.find((value) => !Number.isSafeInteger(value));
    if (tooLarge === undefined) return integers;
    throw new FlightError("invalid_argument", `an offset is out of range (${tooLarge})`);
  }
}

/** Returns a range of all the bytes of an array. */
export function byteRangeOf(bytes: Uint8Array): ByteRange {
  return new PiecedBytes([bytes]).range(0, bytes.byteLength);
}
