import { FlightError } from "../flight/index.ts";

/**
 * The number of bytes of a file to read and send at a time: large enough for speed, small enough for memory.
 * `Blob.stream` returns an in-memory Blob as one chunk of any size, and Node resets an HTTP/2 stream if more than ten
 * million bytes are written at once.
 */
const pieceBytesMax = 256 * 1024;

/**
 * Reads a file in pieces, each on demand.
 *
 * @param onTaken - called with the number of bytes that the reader has processed
 * @throws FlightError UNKNOWN if the file was removed or changed
 */
export async function* readPieces(
  file: Blob,
  onTaken: (byteLength: number) => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  for (let start = 0; start < file.size; start += pieceBytesMax) {
    const piece = await file
      .slice(start, start + pieceBytesMax)
      .arrayBuffer()
      .catch(unreadable);
    yield new Uint8Array(piece);
    onTaken(start + piece.byteLength);
  }
}

/** Only the name of the error describes the problem, such as `NotReadableError`. */
function unreadable(reason: unknown): never {
  throw new FlightError("unknown", `the file could not be read: ${String(reason)}`, { cause: reason });
}
