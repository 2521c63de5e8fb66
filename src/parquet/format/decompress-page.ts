import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { decodeLz4Block } from "../../arrow/index.ts";
import { codecName } from "./codecs.ts";
import { decodeSnappy } from "./snappy.ts";

/**
 * Decompresses a page.
 *
 * @param codec - Parquet's number of the codec
 * @param byteLength - the declared size without compression
 * @returns undefined if the codec is not supported here
 * @throws Error if the page does not match its declaration
 */
export function decompressPage(codec: number, page: Uint8Array, byteLength: number): Uint8Array | undefined {
  const options = { maxOutputLength: Math.max(byteLength, 1) };
  switch (codecName(codec)) {
    case "UNCOMPRESSED":
      return page;
    case "SNAPPY":
      return fill(byteLength, (target) => decodeSnappy(page, target));
    case "LZ4_RAW":
      return fill(byteLength, (target) => decodeLz4Block(page, target));
    case "GZIP":
      return gunzipSync(page, options);
    case "BROTLI":
      return brotliDecompressSync(page, options);
    case "ZSTD":
      return zstdDecompressSync(page, options);
    default:
      return undefined;
  }
}

function fill(byteLength: number, decode: (target: Uint8Array) => void): Uint8Array {
  const target = new Uint8Array(byteLength);
  decode(target);
  return target;
}
