import { FlightError, type FlightFrame } from "../flight/index.ts";
import { restartCountMax } from "../producer/index.ts";

/**
 * Reads a dataset's frames. If its version is replaced before the first batch was sent, the read starts again with the
 * new version, as long as that has the same schema.
 *
 * @param read - opens the current version, and reads its schema and then its batches
 * @throws FlightError ABORTED if the version is replaced later, or has another schema
 */
export async function* restartIfReplaced(
  read: () => AsyncIterable<FlightFrame>,
): AsyncGenerator<FlightFrame, void, undefined> {
  let schema: FlightFrame | undefined;
  let replaced: unknown;
  for (let restartCount = 0; ; restartCount++) {
    let frameCount = 0;
    try {
      for await (const frame of read()) {
        if (frameCount++ > 0 || schema === undefined) yield frame;
        else if (Buffer.compare(frame.header, schema.header) !== 0) throw replaced;
        schema ??= frame;
      }
      return;
    } catch (reason) {
      const isAborted = reason instanceof FlightError && reason.code === "aborted";
      if (reason === replaced || frameCount > 1 || (isAborted && restartCount === restartCountMax)) throw reason;
      // A new version that cannot be read, or is gone, is not what the reader has begun to read.
      if (!isAborted) throw replaced ?? reason;
      replaced = reason;
    }
  }
}
