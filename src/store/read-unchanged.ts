import { changeCheckBytes, frameByteLength, type FlightFrame } from "../flight/index.ts";
import type { StoredFile } from "../storage/index.ts";

/**
 * Passes a dataset's frames on as long as its file keeps the bytes it was opened with. A file that another
 * program writes in place would otherwise end as a mix of versions, or in an error that blames its contents.
 *
 * @throws FlightError ABORTED where the file was changed in place; otherwise what `frames` throws
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
