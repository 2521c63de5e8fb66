/** Codecs, by their number. Source: `CompressionCodec` in parquet.thrift of apache/parquet-format. */
const codecs = ["UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"];

/** Returns Parquet's name of a codec, such as `SNAPPY`; for an unknown codec, `UNKNOWN` and its number. */
export function codecName(codec: number): string {
  return codecs[codec] ?? `UNKNOWN (${codec})`;
}

/** Whether parquet-wasm reads a codec: all but LZO, which has no free library that many trust, and those to come. */
export function isReadableCodec(codec: number): boolean {
  return codecs[codec] !== undefined && codecs[codec] !== "LZO";
}
