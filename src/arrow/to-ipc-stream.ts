import type { FlightFrame } from "../flight/index.ts";
import { ipcStreamEnd, toIpcMessagePieces } from "./ipc-stream.ts";

/**
 * Encodes frames as the chunks of one IPC stream, with its end mark, as they come. Nothing is copied: chunks are views of
 * the frames' bodies, as in `toIpcMessagePieces`. Frames of application metadata alone are left out.
 */
export async function* toIpcStream(frames: AsyncIterable<FlightFrame>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const frame of frames) if (frame.header.byteLength > 0) yield* toIpcMessagePieces(frame);
  yield ipcStreamEnd;
}
