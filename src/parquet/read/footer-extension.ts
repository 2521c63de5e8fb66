import { FlightError } from "../../flight/index.ts";
import type { StoredFile } from "../../storage/index.ts";
import { extensionOf, tailByteLength } from "../format/footer.ts";

/**
 * The maximum length of a footer with an extension, in bytes. This thread decodes it, so it must not take long. It fits a
 * file of 1,000 columns and 64 row groups, or the names of 100,000 files.
 */
export const extendedFooterBytesMax = 32 * 1024 * 1024;

/** The bytes at the end of a file that are read first: most footers fit. */
const endByteLength = 256 * 1024;

/**
 * Reads the extension in the footer of a file (see `WriteOptions.extension`).
 *
 * @returns undefined if the footer has none
 * @throws FlightError DATA_LOSS if the file is not valid Parquet, or its footer is too long; ABORTED as `StoredFile.read`
 */
export async function readFooterExtension(
  file: StoredFile,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Uint8Array | undefined> {
  const { byteLength } = file.version;
  const read = async (start: number): Promise<Uint8Array> =>
    await file.read(Math.max(0, start), byteLength, { signal });
  let end = await read(byteLength - endByteLength);
  try {
    const footerByteLength = new DataView(end.buffer, end.byteOffset).getUint32(end.byteLength - tailByteLength, true);
    if (footerByteLength > extendedFooterBytesMax) throw new RangeError("its footer is too long");
    const neededByteLength = footerByteLength + tailByteLength;
    if (neededByteLength > end.byteLength && neededByteLength <= byteLength)
      end = await read(byteLength - neededByteLength);
    return extensionOf(end);
  } catch (reason) {
    if (!(reason instanceof RangeError)) throw reason;
    throw new FlightError("data_loss", `the Parquet file cannot be read: ${reason.message}`, { cause: reason });
  }
}
