import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { FlightError, limitError } from "../../flight/index.ts";
import { freeExpansionBytes } from "./limits.ts";

const expandGzip = promisify(gunzip);

/** The compression that this server decompresses itself. Connect gets the decompressed message. */
export const expandedEncoding = "gzip";

/**
 * The minimum and maximum number of bytes per decompression step. Each step is a job on another thread, and on a busy
 * machine the waits between steps take most of the time.
 */
const chunkBytesMin = 16 * 1024;
const chunkBytesMax = 512 * 1024;

/** The maximum size of a decompressed message in bytes, and the maximum ratio to its compressed size. */
export interface ExpansionLimits {
  readonly bytesMax: number;
  readonly sizeLimit: "compressed-message-bytes" | "control-message-bytes" | "json-message-bytes";
  readonly ratioMax: number;
}

/**
 * Decompresses a message, up to a size and a ratio.
 *
 * @throws FlightError RESOURCE_EXHAUSTED if the result is larger; INVALID_ARGUMENT if the bytes are not gzip
 */
export async function expand(
  bytes: Uint8Array,
  { bytesMax, sizeLimit, ratioMax }: ExpansionLimits,
): Promise<Uint8Array> {
  if (bytes.byteLength === 0) return bytes;
  const chunkSize = Math.min(Math.max(chunkBytesMin, 4 * bytes.byteLength), chunkBytesMax);
  const ratioBytes = Math.max(freeExpansionBytes, bytes.byteLength * ratioMax);
  try {
    return await expandGzip(bytes, { chunkSize, maxOutputLength: Math.min(bytesMax, ratioBytes) });
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      const what = "a compressed message expands to more than";
      if (bytesMax <= ratioBytes) throw limitError(sizeLimit, `${what} ${bytesMax} bytes`);
      throw limitError("expansion-ratio", `${what} ${ratioMax} times its size`);
    }
    throw new FlightError("invalid_argument", "a message declared as gzip is not gzip", { cause: reason });
  }
}
