import { readScalars, type ArrayView } from "hangar/flight";

/** Values of bytes, one at a time: what `bytes` has from `start` (inclusive) to `end` (exclusive), after `seek`. */
export interface ByteCursor {
  bytes: Uint8Array;
  start: number;
  end: number;
  seek(index: number): void;
}

/** Reads strings and binaries as bytes, without an object for each. */
export function readBytes(array: ArrayView): ByteCursor {
  const { storage, offset, length, buffers } = array;
  if (storage.kind !== "variable" || length === 0) return readEach(array);
  const width = storage.offsetByteWidth;
  const positions = new Uint8Array((length + 1) * width);
  buffers[0]!.copyTo(positions, offset * width);
  const at = width === 4 ? new Int32Array(positions.buffer) : new BigInt64Array(positions.buffer);
  const bytes = new Uint8Array(buffers[1]!.byteLength);
  buffers[1]!.copyTo(bytes, 0);
  return {
    bytes,
    start: 0,
    end: 0,
    seek(index) {
      this.start = Number(at[index]);
      this.end = Number(at[index + 1]);
    },
  };
}

function readEach(array: ArrayView): ByteCursor {
  const read = readScalars(array);
  return {
    bytes: new Uint8Array(),
    start: 0,
    end: 0,
    seek(index) {
      this.bytes = read(index) as Uint8Array;
      this.end = this.bytes.length;
    },
  };
}

/** Compares bytes as the server does: those that come first in the alphabet of bytes are less; pure. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
