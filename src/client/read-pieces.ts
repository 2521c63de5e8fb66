import { FlightError } from "../flight/index.ts";

/**
 * What is read of a file and sent at once, in bytes: enough that reading costs nothing beside sending, and little to hold.
 * `Blob.stream` gives what is in memory as one chunk, of any size; Node resets a stream of HTTP/2 that is written more
 * than ten million bytes at once.
 */
const pieceBytesMax = 256 * 1024;

/**
 * Reads a file piece by piece, each when it is asked for.
 *
 * @param onTaken - told how many bytes whoever reads has done with
 * @throws FlightError UNKNOWN where the file is gone, or is not what it was
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

/** What was wrong stands in the error's name alone, such as `NotReadableError`. */
function unreadable(reason: unknown): never {
  throw new FlightError("unknown", `the file could not be read: ${String(reason)}`, { cause: reason });
}
