import type { FlightDescriptor } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { joinPieces, piecesByteLength } from "./pieces.ts";

/**
 * A FlightData message whose body stays in the memory where it was received. Servers, producers and clients pass frames
 * on without copying them.
 *
 * The bytes of a frame do not change. They may be views of a larger buffer, so keeping a frame keeps that buffer.
 */
export interface FlightFrame {
  /** The descriptor of the stream. It is set on the first frame of a DoPut or DoExchange request. */
  readonly descriptor?: FlightDescriptor;
  /** The flatbuffer `Message` (data_header), without length prefix; empty if the frame has only application metadata. */
  readonly header: Uint8Array;
  /** The application metadata (app_metadata); empty if there is none. */
  readonly appMetadata: Uint8Array;
  /** The Arrow buffers (data_body) in order, as one or more pieces; no pieces if there is no body. */
  readonly body: readonly Uint8Array[];
  /**
   * Frees the body's memory at once, if nothing else reads it. The server calls `release` after it has sent the body, and
   * the store after it has copied the body. The body is empty from then on. Without a call, the memory is freed by the next
   * garbage collection.
   */
  readonly release?: () => void;
}

const none = new Uint8Array(0);

/** Creates a frame. Omitted parts are empty. Nothing is copied. */
export function createFrame(parts: Partial<FlightFrame>): FlightFrame {
  return { ...parts, header: parts.header ?? none, appMetadata: parts.appMetadata ?? none, body: parts.body ?? [] };
}

/** Returns the length of the body in bytes: the sum of its pieces. */
export function bodyByteLength(frame: FlightFrame): number {
  return piecesByteLength(frame.body);
}

/** Returns the size of a frame in bytes: header, application metadata and body. */
export function frameByteLength(frame: FlightFrame): number {
  return frame.header.byteLength + frame.appMetadata.byteLength + bodyByteLength(frame);
}

/** Returns the body as one array. A body of one piece is returned without a copy. */
export function joinBody(frame: FlightFrame): Uint8Array {
  return joinPieces(frame.body);
}
