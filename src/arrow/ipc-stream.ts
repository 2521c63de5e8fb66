import {
  bodyByteLength,
  copyPieces,
  createFrame,
  FlightError,
  type FlightFrame,
  headerBytesMax,
  whenSent,
} from "../flight/index.ts";
import { readMessage } from "./message.ts";

/*
 * The Arrow IPC stream format around frames. Source: the Arrow columnar format, "Encapsulated message format":
 * 0xFFFFFFFF, the length of the metadata as int32, the metadata padded to 8 bytes, the body padded to 8 bytes.
 */
const continuation = 0xffffffff;
const prefixByteLength = 8;

const padded = (byteLength: number): number => (byteLength + 7) & ~7;

/** Bytes that a frame takes in an IPC stream. */
export function ipcMessageByteLength(frame: FlightFrame): number {
  const bodyLength = bodyByteLength(frame);
  return prefixByteLength + padded(frame.header.byteLength) + bodyLength + (-bodyLength & 7);
}

/**
 * Writes a frame as an encapsulated message; its application metadata has no place there.
 *
 * @returns the offset behind it, in bytes
 */
export function writeIpcMessage(target: Uint8Array, byteOffset: number, frame: FlightFrame): number {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
  const metadataLength = padded(frame.header.byteLength);
  view.setUint32(byteOffset, continuation, true);
  view.setInt32(byteOffset + 4, metadataLength, true);
  target.set(frame.header, byteOffset + prefixByteLength);
  const bodyStart = byteOffset + prefixByteLength + metadataLength;
  const end = copyPieces(target, bodyStart, frame.body);
  return end + (-(end - bodyStart) & 7);
}

/** The end mark of a stream. */
export const ipcStreamEnd: Uint8Array = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

/**
 * Encodes a frame as an encapsulated message, in pieces: its body is left where it lies. The frame is released when its
 * last piece has been sent (`releaseChunk`), because a socket may read a piece until then.
 */
export function toIpcMessagePieces(frame: FlightFrame): Uint8Array[] {
  const bodyLength = bodyByteLength(frame);
  const head = new Uint8Array(prefixByteLength + padded(frame.header.byteLength));
  const view = new DataView(head.buffer);
  view.setUint32(0, continuation, true);
  view.setInt32(4, head.byteLength - prefixByteLength, true);
  head.set(frame.header, prefixByteLength);
  const paddingLength = -bodyLength & 7;
  const pieces = [head, ...frame.body.filter((piece) => piece.byteLength > 0)];
  if (paddingLength > 0) pieces.push(new Uint8Array(paddingLength));
  if (frame.release) whenSent(pieces.at(-1)!, frame.release);
  return pieces;
}

/** Encodes frames as an IPC stream, with its end marker. */
export function encodeIpcStream(frames: readonly FlightFrame[]): Uint8Array<ArrayBuffer> {
  let byteLength = prefixByteLength;
  for (const frame of frames) byteLength += ipcMessageByteLength(frame);
  const stream = new Uint8Array(byteLength);
  let byteOffset = 0;
  for (const frame of frames) byteOffset = writeIpcMessage(stream, byteOffset, frame);
  new DataView(stream.buffer).setUint32(byteOffset, continuation, true);
  return stream;
}

/** Encodes a schema header as an encapsulated message, as `FlightInfo.schema` and `SchemaResult.schema` have it. */
export function encodeSchemaMessage(header: Uint8Array): Uint8Array<ArrayBuffer> {
  const frame = createFrame({ header });
  const message = new Uint8Array(ipcMessageByteLength(frame));
  writeIpcMessage(message, 0, frame);
  return message;
}

/**
 * Decodes the header of an encapsulated schema message, such as `FlightInfo.schema`.
 *
 * @throws FlightError INVALID_ARGUMENT if the bytes are not an encapsulated message
 */
export function decodeSchemaMessage(message: Uint8Array): Uint8Array {
  const frame = readIpcMessage(message, 0);
  if (frame === undefined) throw new FlightError("invalid_argument", "the schema message is empty");
  return frame.header;
}

/**
 * Decodes the frames of an IPC stream in memory. They are views of the stream; nothing is copied.
 *
 * @throws FlightError INVALID_ARGUMENT if the bytes are not an IPC stream
 */
export function* decodeIpcStream(stream: Uint8Array): Generator<FlightFrame> {
  let byteOffset = 0;
  for (;;) {
    const message = readIpcMessage(stream, byteOffset);
    if (message === undefined) return;
    const { header, body, byteOffsetEnd } = message;
    yield createFrame({ header, body: body.byteLength === 0 ? [] : [body] });
    byteOffset = byteOffsetEnd;
  }
}

/** The message at an offset, or undefined at the end of the stream or its end mark. */
function readIpcMessage(
  stream: Uint8Array,
  byteOffset: number,
): { header: Uint8Array; body: Uint8Array; byteOffsetEnd: number } | undefined {
  if (byteOffset === stream.byteLength) return undefined;
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const truncated = (): FlightError =>
    new FlightError("invalid_argument", "the Arrow IPC stream ends inside a message");
  if (byteOffset + 4 > stream.byteLength) throw truncated();
  const hasMark = view.getUint32(byteOffset, true) === continuation;
  const start = byteOffset + (hasMark ? prefixByteLength : 4);
  if (start > stream.byteLength) throw truncated();
  const metadataLength = view.getInt32(start - 4, true);
  if (metadataLength === 0) return undefined;
  if (metadataLength < 0 || metadataLength > headerBytesMax) {
    throw new FlightError("invalid_argument", `the Arrow IPC stream has a header of ${metadataLength} bytes`);
  }
  const bodyStart = start + metadataLength;
  if (bodyStart > stream.byteLength) throw truncated();
  const header = stream.subarray(start, bodyStart);
  const bodyLength = readMessage(header, (message) => message.bodyLength);
  const bodyEnd = bodyStart + bodyLength;
  if (bodyEnd > stream.byteLength) throw truncated();
  const byteOffsetEnd = Math.min(bodyEnd + (-bodyLength & 7), stream.byteLength);
  return { header, body: stream.subarray(bodyStart, bodyEnd), byteOffsetEnd };
}
