import type { ArrayView, ByteRange } from "../../../src/arrow/index.ts";

/**
 * The values of an array, one by one, by the plainest reading of the columnar format: what cutting is checked
 * against. Values of fixed width, and indices, are their bytes in hex.
 */
export function readValues(array: ArrayView): unknown[] {
  return Array.from({ length: array.length }, (_, i) => readValue(array, array.offset + i));
}

function readValue(array: ArrayView, at: number): unknown {
  const { storage, validity, buffers, children } = array;
  if (storage.kind === "null" || (validity && !readBit(validity, at))) return null;
  const [first, second] = buffers;
  switch (storage.kind) {
    case "fixed":
      if (storage.bitWidth === 1) return readBit(first!, at);
      return hex(first!, (at * storage.bitWidth) / 8, storage.bitWidth / 8);
    case "variable":
    case "list": {
      const start = first!.readInteger(at * storage.offsetByteWidth, storage.offsetByteWidth);
      const end = first!.readInteger((at + 1) * storage.offsetByteWidth, storage.offsetByteWidth);
      return storage.kind === "variable" ? hex(second!, start, end - start) : readItems(children[0]!, start, end);
    }
    case "view": {
      const byteLength = first!.readInteger(at * 16, 4);
      if (byteLength <= 12) return hex(first!, at * 16 + 4, byteLength);
      const data = buffers[1 + first!.readInteger(at * 16 + 8, 4)];
      return hex(data!, first!.readInteger(at * 16 + 12, 4), byteLength);
    }
    case "list_view": {
      const start = first!.readInteger(at * storage.offsetByteWidth, storage.offsetByteWidth);
      const size = second!.readInteger(at * storage.offsetByteWidth, storage.offsetByteWidth);
      return readItems(children[0]!, start, start + size);
    }
    case "fixed_size_list":
      return readItems(children[0]!, at * storage.listSize, (at + 1) * storage.listSize);
    case "struct":
      return children.map((child) => readValue(child, child.offset + at));
    default:
      throw new RangeError(`an array of ${storage.kind} storage is not cut`);
  }
}

function readItems(items: ArrayView, start: number, end: number): unknown[] {
  return Array.from({ length: end - start }, (_, i) => readValue(items, items.offset + start + i));
}

function readBit(bits: ByteRange, at: number): boolean {
  const byte = new Uint8Array(1);
  bits.copyTo(byte, at >> 3);
  return ((byte[0]! >> (at & 7)) & 1) === 1;
}

function hex(bytes: ByteRange, byteOffset: number, byteLength: number): string {
  const value = new Uint8Array(byteLength);
  bytes.copyTo(value, byteOffset);
  return Buffer.from(value).toString("hex");
}
