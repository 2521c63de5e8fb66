import { zstdDecompressSync } from "node:zlib";

/** Decompresses a ZSTD frame, which must fill `target` exactly. @throws Error if it does not */
export function decompressZstd(source: Uint8Array, target: Uint8Array): void {
  const bytes = zstdDecompressSync(source, { maxOutputLength: target.byteLength });
  if (bytes.byteLength !== target.byteLength) throw new RangeError("a buffer is shorter than it declares");
  target.set(bytes);
}
