import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { expansionRatioMax, FlightError, freeExpansionBytes } from "../../flight/index.ts";

const expandGzip = promisify(gunzip);

/** The compression that this server decompresses itself. Connect gets the decompressed message. */
export const expandedEncoding = "gzip";

/**
 * The minimum and maximum number of bytes per decompression step. Each step is a job on another thread, and on a busy
 * machine the waits between steps take most of the time.
 */
const chunkBytesMin = 16 * 1024;
const chunkBytesMax = 512 * 1024;

/**
 * Decompresses a message, up to a size and a ratio.
 *
 * @param bytesMax - the maximum size of the result in bytes
 * @throws FlightError RESOURCE_EXHAUSTED if the result is larger; INVALID_ARGUMENT if the bytes are not gzip
 */
export async function expand(bytes: Uint8Array, bytesMax: number): Promise<Uint8Array> {
  if (bytes.byteLength === 0) return bytes;
  const chunkSize = Math.min(Math.max(chunkBytesMin, 4 * bytes.byteLength), chunkBytesMax);
  const ratioBytes = Math.max(freeExpansionBytes, bytes.byteLength * expansionRatioMax);
  try {
    return await expandGzip(bytes, { chunkSize, maxOutputLength: Math.min(bytesMax, ratioBytes) });
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      const limit = bytesMax <= ratioBytes ? `${bytesMax} bytes` : `${expansionRatioMax} times its size`;
      throw new FlightError("resource_exhausted", `a compressed message expands to more than ${limit}`);
    }
    throw new FlightError("invalid_argument", "a message declared as gzip is not gzip", { cause: reason });
  }
}
