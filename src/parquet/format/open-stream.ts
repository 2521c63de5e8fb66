import { decodeIpcStream, decodeMessage, decodeSchema, type Message, type Schema } from "../../arrow/index.ts";
import type { FlightFrame } from "../../flight/index.ts";

/** A frame with its decoded header. */
export interface OpenedFrame extends FlightFrame {
  readonly message: Message;
}

/** The decoded headers of an IPC stream. */
export interface OpenedStream {
  /** The first frame. */
  readonly schemaFrame: FlightFrame;
  readonly schema: Schema;
  /** The frames behind the schema. */
  readonly frames: readonly OpenedFrame[];
}

const opened = new WeakMap<Uint8Array, OpenedStream>();

/**
 * Decodes the headers of an IPC stream, once for each stream: the checks and conversions of a row group need the same.
 * The bodies are views of the stream, which must not change.
 */
export function openStream(stream: Uint8Array): OpenedStream {
  const known = opened.get(stream) ?? open(stream);
  opened.set(stream, known);
  return known;
}

function open(stream: Uint8Array): OpenedStream {
  const [first, ...frames] = decodeIpcStream(stream);
  return {
    schemaFrame: first!,
    schema: decodeSchema(first!.header),
    frames: frames.map((frame) => ({ ...frame, message: decodeMessage(frame.header) })),
  };
}
