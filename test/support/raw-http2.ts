import { connect, type Socket } from "node:net";

const frameType = { data: 0, headers: 1, rstStream: 3, settings: 4, ping: 6, continuation: 9 } as const;

/** What a client sends first: the preface, and settings that change nothing. */
export const preface = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  frame(frameType.settings, 0, 0, new Uint8Array(0)),
]);

/** Connects by HTTP/2 and sends no more than the preface and settings; frames are the caller's, written as they are. */
export function connectRawHttp2(port: number): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.resume();
  socket.write(preface);
  return socket;
}

/** A HEADERS frame that opens a stream and leaves it open. Where it is not the end, CONTINUATION frames follow. */
export function headersFrame(streamId: number, fields: Record<string, string>, { isEnd = true } = {}): Buffer {
  return frame(frameType.headers, isEnd ? 0x4 : 0, streamId, encodeFields(fields));
}

/** A CONTINUATION frame that is not the last one. */
export function continuationFrame(streamId: number, fields: Record<string, string>): Buffer {
  return frame(frameType.continuation, 0, streamId, encodeFields(fields));
}

/** A DATA frame that leaves its stream open. */
export function dataFrame(streamId: number, bytes: Uint8Array): Buffer {
  return frame(frameType.data, 0, streamId, bytes);
}

/** A PING frame that wants an answer. */
export function pingFrame(): Buffer {
  return frame(frameType.ping, 0, 0, new Uint8Array(8));
}

/** A SETTINGS frame with one setting: the default of the largest frame. */
export function settingsFrame(): Buffer {
  return frame(frameType.settings, 0, 0, Uint8Array.of(0, 5, 0, 0, 0x40, 0));
}

function encodeFields(fields: Record<string, string>): Buffer {
  // Literal fields without indexing, lengths below 127. Source: RFC 7541, section 6.2.2.
  const text = (value: string): Buffer => Buffer.concat([Uint8Array.of(value.length), Buffer.from(value)]);
  const encoded = Object.entries(fields).map(([name, value]) =>
    Buffer.concat([Uint8Array.of(0), text(name), text(value)]),
  );
  return Buffer.concat(encoded);
}

/** A RST_STREAM frame with the code CANCEL. */
export function cancelFrame(streamId: number): Buffer {
  return frame(frameType.rstStream, 0, streamId, Uint8Array.of(0, 0, 0, 8));
}

function frame(type: number, flags: number, streamId: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.byteLength, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(streamId, 5);
  return Buffer.concat([head, payload]);
}
