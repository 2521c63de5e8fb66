/*
 * Indices into a dictionary page, as data pages have them: the width of an index in bits, and runs of indices that are
 * equal or packed by eight. Source: the Parquet format's Encodings, RLE_DICTIONARY.
 */

/** The widest supported index in bits. A packed index and the rest of its byte must fit into 32 bits. */
export const indexBitsMax = 24;

/** Returns the number of bits of an index for a number of values. */
export function indexBitWidth(valueCount: number): number {
  return valueCount <= 1 ? 0 : 32 - Math.clz32(valueCount - 1);
}

/**
 * Replaces the indices of a data page, run by run.
 *
 * @param encoded - the bytes after the levels of the page
 * @param map - the new index of each old index
 * @param bitWidth - the width of the new indices, at most `indexBitsMax`
 * @throws RangeError if the bytes are not valid indices
 */
export function remapIndices(encoded: Uint8Array, map: Uint32Array, bitWidth: number): Uint8Array {
  const [oldBitWidth] = encoded;
  // A page of nulls has no indices, and need not even say their width.
  if (oldBitWidth === undefined) return encoded;
  if (oldBitWidth > indexBitsMax) throw malformed();
  const target = new ByteSink(encoded.byteLength + 16);
  target.add(bitWidth);
  const packed = new Uint32Array(8);
  for (let at = 1; at < encoded.byteLength;) {
    let header = 0;
    for (let scale = 1, byte = 0x80; byte >= 0x80; scale *= 128) {
      byte = byteAt(encoded, at++);
      header += (byte & 0x7f) * scale;
    }
    target.addVarint(header);
    if (header % 2 === 0) {
      const byteWidth = Math.ceil(oldBitWidth / 8);
      let index = 0;
      for (let k = 0; k < byteWidth; k++) index += byteAt(encoded, at++) * 2 ** (8 * k);
      target.addInteger(newIndex(map, index), Math.ceil(bitWidth / 8));
      continue;
    }
    for (let group = (header - 1) / 2; group > 0; group--) {
      unpack(encoded, at, oldBitWidth, packed);
      at += oldBitWidth;
      for (let k = 0; k < packed.length; k++) packed[k] = newIndex(map, packed[k]!);
      target.addPacked(packed, bitWidth);
    }
  }
  return target.finish();
}

function newIndex(map: Uint32Array, index: number): number {
  const found = map[index];
  if (found === undefined) throw malformed();
  return found;
}

/** Reads eight indices, which take as many bytes as each has bits. */
function unpack(encoded: Uint8Array, start: number, bitWidth: number, packed: Uint32Array): void {
  let at = start;
  let bits = 0;
  let bitCount = 0;
  for (let k = 0; k < packed.length; k++) {
    for (; bitCount < bitWidth; bitCount += 8) bits |= byteAt(encoded, at++) << bitCount;
    packed[k] = bits & (2 ** bitWidth - 1);
    bits >>>= bitWidth;
    bitCount -= bitWidth;
  }
}

function byteAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw malformed();
  return byte;
}

function malformed(): RangeError {
  return new RangeError("a data page has no indices of its dictionary");
}

/** Bytes that become more. */
class ByteSink {
  #bytes: Uint8Array;
  #length = 0;

  constructor(byteLength: number) {
    this.#bytes = new Uint8Array(byteLength);
  }

  add(byte: number): void {
    if (this.#length === this.#bytes.byteLength) {
      const more = new Uint8Array(2 * this.#length);
      more.set(this.#bytes);
      this.#bytes = more;
    }
    this.#bytes[this.#length++] = byte;
  }

  addVarint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) this.add((rest % 128) | 0x80);
    this.add(rest);
  }

  addInteger(value: number, byteWidth: number): void {
    for (let k = 0; k < byteWidth; k++) this.add((value >>> (8 * k)) & 0xff);
  }

  addPacked(indices: Uint32Array, bitWidth: number): void {
    let bits = 0;
    let bitCount = 0;
    for (const index of indices) {
      bits |= index << bitCount;
      for (bitCount += bitWidth; bitCount >= 8; bitCount -= 8) {
        this.add(bits & 0xff);
        bits >>>= 8;
      }
    }
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}
