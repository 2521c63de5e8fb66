import { flatMapStream, type FlightFrame } from "../flight/index.ts";
import { ipcStreamEnd, toIpcMessagePieces } from "./ipc-stream.ts";

/**
 * Encodes frames as the chunks of one IPC stream, with its end mark, as they come. Nothing is copied: chunks are views of
 * the frames' bodies, as in `toIpcMessagePieces`. Frames of application metadata alone are left out.
 */
export function toIpcStream(frames: AsyncIterable<FlightFrame>): AsyncIterableIterator<Uint8Array> {
  const toPieces = (frame: FlightFrame): Uint8Array[] => (frame.header.byteLength > 0 ? toIpcMessagePieces(frame) : []);
  return flatMapStream(frames, toPieces, [ipcStreamEnd]);
}
