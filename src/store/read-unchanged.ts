import type { FileHandle } from "node:fs/promises";
import { changeCheckBytes, FlightError, frameByteLength, type FlightFrame } from "../flight/index.ts";
import { hasSameBytes, toFileVersion, type FileVersion } from "./file-version.ts";

/**
 * Passes a dataset's frames on as long as its file keeps the bytes it was opened with. A file that another
 * program writes in place would otherwise end as a mix of versions, or in an error that blames its contents.
 *
 * @throws FlightError ABORTED where the file was changed in place; otherwise what `frames` throws
 */
export async function* readUnchanged(
  file: FileHandle,
  version: FileVersion,
  frames: AsyncIterable<FlightFrame>,
): AsyncGenerator<FlightFrame, void, undefined> {
  let uncheckedByteLength = 0;
  try {
    for await (const frame of frames) {
      uncheckedByteLength += frameByteLength(frame);
      if (uncheckedByteLength >= changeCheckBytes) {
        await assertUnchanged(file, version);
        uncheckedByteLength = 0;
      }
      yield frame;
    }
  } catch (reason) {
    await assertUnchanged(file, version);
    throw reason;
  }
  await assertUnchanged(file, version);
}

/**
 * Asserts that an open file has the bytes of a version still.
 *
 * @throws FlightError ABORTED where it was changed in place
 */
export async function assertUnchanged(file: FileHandle, version: FileVersion): Promise<void> {
  const now = toFileVersion(await file.stat({ bigint: true }));
  if (!hasSameBytes(version, now)) throw new FlightError("aborted", "its file was changed in place while it was read");
}
