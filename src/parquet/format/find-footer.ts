import { footerBytesMax } from "./limits.ts";
import type { ByteSource } from "./byte-source.ts";
import { magic, tailByteLength } from "./footer.ts";
import { UnsupportedError } from "./unsupported-error.ts";

/** Where a file's footer begins, and its length, in bytes. */
export interface FooterPlace {
  readonly byteOffset: number;
  readonly byteLength: number;
}

/**
 * Finds the footer at the end of the file. parquet-wasm would allocate any declared length.
 *
 * @throws Error if the file is not a Parquet file, or if its footer is too large; UnsupportedError if it is encrypted
 */
export function findFooter(file: ByteSource): FooterPlace {
  if (file.byteLength < magic.byteLength + tailByteLength)
    throw new Error("the file is too short to be a Parquet file");
  const tail = file.read(file.byteLength - tailByteLength, file.byteLength);
  const ending = Buffer.from(tail).toString("latin1", 4);
  if (ending === "PARE") throw new UnsupportedError("the file is encrypted");
  if (ending !== "PAR1") throw new Error("the file does not end like a Parquet file");
  const byteLength = new DataView(tail.buffer).getUint32(0, true);
  if (byteLength > footerBytesMax)
    throw new Error(`the footer has ${byteLength} bytes; the maximum is ${footerBytesMax}`);
  if (byteLength > file.byteLength - magic.byteLength - tailByteLength) {
    throw new Error("the footer is longer than the file");
  }
  return { byteOffset: file.byteLength - tailByteLength - byteLength, byteLength };
}
