import { connect, type Socket } from "node:net";

const frameType = { headers: 1, rstStream: 3, settings: 4 } as const;
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/** Connects by HTTP/2 and sends no more than the preface and settings; frames are the caller's, written as they are. */
export function connectRawHttp2(port: number): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.resume();
  socket.write(Buffer.concat([Buffer.from(preface), frame(frameType.settings, 0, 0, Buffer.alloc(0))]));
  return socket;
}

/** A HEADERS frame that opens a stream and leaves it open. */
export function headersFrame(streamId: number, fields: Record<string, string>): Buffer {
  // Literal fields without indexing, lengths below 127. Source: RFC 7541, section 6.2.2.
  const text = (value: string): Buffer => Buffer.concat([Uint8Array.of(value.length), Buffer.from(value)]);
  const encoded = Object.entries(fields).map(([name, value]) =>
    Buffer.concat([Uint8Array.of(0), text(name), text(value)]),
  );
  return frame(frameType.headers, 0x4, streamId, Buffer.concat(encoded));
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
