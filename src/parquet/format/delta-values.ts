/*
 * A reader for DELTA_BINARY_PACKED that finds values which parquet-wasm can decode but not skip. Source: Encodings.md
 * of apache/parquet-format; `DeltaBitPackDecoder::skip` of arrow-rs, parquet 59.
 */

/** The sizes of miniblocks that are skipped, in values; others are decoded only. */
const skippedSizes = [32, 64];

/** The deltas of an INT32 miniblock that are all equal are multiplied when they are skipped, in 32 bits. */
const int32Max = 2 ** 31 - 1;

/**
 * Whether values in DELTA_BINARY_PACKED can be skipped.
 *
 * @param values - the encoded values of one page; empty if all are null
 * @throws RangeError if they end early
 */
export function areDeltasSkipped(values: Uint8Array, physicalType: "int32" | "int64"): boolean {
  if (values.byteLength === 0) return true;
  const reader = new DeltaReader(values);
  const { blockSize, miniblockCount, valueCount } = reader.header();
  const miniblockSize = blockSize / miniblockCount;
  if (valueCount === 0) return true;
  if (!skippedSizes.includes(miniblockSize)) return false;
  if (physicalType === "int64") return true;
  for (let rest = valueCount - 1; rest > 0; rest -= blockSize) {
    const delta = reader.zigzag();
    const bitWidths = reader.bytes(miniblockCount);
    for (const [i, bitWidth] of bitWidths.entries()) {
      const count = Math.min(miniblockSize, rest - i * miniblockSize);
      // Miniblocks behind the last value have no bytes.
      if (count <= 0) break;
      if (bitWidth === 0 && Math.abs(delta) * count > int32Max) return false;
      reader.bytes((bitWidth * miniblockSize) / 8);
    }
  }
  return true;
}

/**
 * Whether deltas of INT32 have more than 32 bits. DuckDB writes such files, and few other readers support them.
 *
 * @param values - the encoded values of one page; empty if all are null
 * @throws RangeError if they end early
 */
export function areDeltasTooWide(values: Uint8Array): boolean {
  if (values.byteLength === 0) return false;
  const reader = new DeltaReader(values);
  const { blockSize, miniblockCount, valueCount } = reader.header();
  for (let rest = valueCount - 1; rest > 0; rest -= blockSize) {
    const delta = reader.zigzag();
    if (delta > int32Max || delta < -int32Max - 1) return true;
    const bitWidths = reader.bytes(miniblockCount);
    const used = bitWidths.subarray(0, Math.ceil((rest * miniblockCount) / blockSize));
    if (used.some((bitWidth) => bitWidth > 32)) return true;
    for (const bitWidth of used) reader.bytes((bitWidth * blockSize) / miniblockCount / 8);
  }
  return false;
}

class DeltaReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Reads the header of a page, with the first value. The block size is in values. */
  header(): { blockSize: number; miniblockCount: number; valueCount: number } {
    const header = { blockSize: this.varint(), miniblockCount: this.varint(), valueCount: this.varint() };
    this.zigzag();
    return header;
  }

  /** Reads an unsigned integer; one beyond 2^53 is not exact. */
  varint(): number {
    let value = 0;
    for (let scale = 1; scale < 2 ** 70; scale *= 128) {
      const [byte] = this.bytes(1);
      value += (byte! & 0x7f) * scale;
      if (byte! < 0x80) return value;
    }
    throw new RangeError("an integer is longer than 64 bits");
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  bytes(byteLength: number): Uint8Array {
    const start = this.#at;
    this.#at += byteLength;
    if (this.#at > this.#bytes.byteLength) throw new RangeError("the deltas of a page end early");
    return this.#bytes.subarray(start, this.#at);
  }
}
