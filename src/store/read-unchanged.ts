import { frameByteLength, type FlightFrame } from "../flight/index.ts";
import type { StoredFile } from "../storage/index.ts";
import { changeCheckBytes } from "./limits.ts";

/**
 * Forwards a dataset's frames while its file has the same bytes. If another program changes the file in place, the
 * frames would be a mix of versions, or a misleading error.
 *
 * @throws FlightError ABORTED if the file was changed in place; otherwise errors of `frames`
 */
export async function* readUnchanged(
  file: StoredFile,
  frames: AsyncIterable<FlightFrame>,
): AsyncGenerator<FlightFrame, void, undefined> {
  let uncheckedByteLength = 0;
  try {
    for await (const frame of frames) {
      uncheckedByteLength += frameByteLength(frame);
      if (uncheckedByteLength >= changeCheckBytes) {
        await file.assertUnchanged();
        uncheckedByteLength = 0;
      }
      yield frame;
    }
  } catch (reason) {
    await file.assertUnchanged();
    throw reason;
  }
  await file.assertUnchanged();
}
