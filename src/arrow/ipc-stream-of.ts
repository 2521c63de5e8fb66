import { createFrame, type FlightFrame, piecesByteLength } from "../flight/index.ts";
import { encodeIpcStream, ipcMessageByteLength, writeIpcMessage } from "./ipc-stream.ts";

/**
 * Frames as the chunks of one IPC stream, with its end mark, as they come. Bodies are passed on as they lie, and
 * released when the next chunk is asked for; application metadata has no place in a stream.
 */
export async function* ipcStreamOf(frames: AsyncIterable<FlightFrame>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const frame of frames) {
    if (frame.header.byteLength === 0) continue;
    const byteLength = piecesByteLength(frame.body);
    const paddingLength = -byteLength & 7;
    // The prefix and the header are those of a message without its body: the header says how long that is.
    const head = new Uint8Array(ipcMessageByteLength(createFrame({ header: frame.header })));
    writeIpcMessage(head, 0, createFrame({ header: frame.header }));
    yield head;
    for (const piece of frame.body) if (piece.byteLength > 0) yield piece;
    if (paddingLength > 0) yield new Uint8Array(paddingLength);
    frame.release?.();
  }
  yield encodeIpcStream([]);
}
