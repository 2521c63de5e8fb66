import type { FlightDescriptor } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { joinPieces, piecesByteLength } from "./pieces.ts";

/**
 * A FlightData message with its body left where it lies. Servers, producers and clients pass data on as frames.
 *
 * The bytes belong to the frame and are never written again by whoever made it; a receiver that keeps them
 * keeps the memory they are views of.
 */
export interface FlightFrame {
  /** What the stream is about; on the first frame of a DoPut or DoExchange request. */
  readonly descriptor?: FlightDescriptor;
  /** The flatbuffer `Message` (data_header), without length prefix; empty on a frame of application metadata alone. */
  readonly header: Uint8Array;
  /** Application metadata (app_metadata); empty where there is none. */
  readonly appMetadata: Uint8Array;
  /** The Arrow buffers (data_body) in order, as one or more pieces; no piece at all where there is no body. */
  readonly body: readonly Uint8Array[];
  /**
   * Gives the body's memory back at once. A frame has it where nobody else reads the body. The server calls it when the
   * body has been sent; from then on the body is empty. Without the call, the memory waits for the garbage collection.
   */
  readonly release?: () => void;
}

const none = new Uint8Array(0);

/** Makes a frame out of the parts that there are. Copies nothing. */
export function createFrame(parts: Partial<FlightFrame>): FlightFrame {
  return { ...parts, header: parts.header ?? none, appMetadata: parts.appMetadata ?? none, body: parts.body ?? [] };
}

/** The body's length in bytes, over all of its pieces. */
export function bodyByteLength(frame: FlightFrame): number {
  return piecesByteLength(frame.body);
}

/** What a frame holds in memory, in bytes. */
export function frameByteLength(frame: FlightFrame): number {
  return frame.header.byteLength + frame.appMetadata.byteLength + bodyByteLength(frame);
}

/** The body as one array: the piece itself where there is just one, otherwise a copy. */
export function joinBody(frame: FlightFrame): Uint8Array {
  return joinPieces(frame.body);
}
