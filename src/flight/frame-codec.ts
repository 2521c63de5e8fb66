import type { FlightData } from "../gen/arrow/flight/protocol/flight_pb.ts";
import type { Allocate } from "./byte-reader.ts";
import type { BodyQueue, WireMessage } from "./body-queue.ts";
import { detachBodies } from "./detach-bodies.ts";
import { fromFlightData, toFlightData } from "./flight-data.ts";
import type { FlightFrame } from "./frame.ts";
import { messageBytesMax } from "./limits.ts";
import type { MessageBudget } from "./message-budget.ts";
import { detachMessages, fromWireMessage, toWireMessage } from "./wire-message.ts";

/**
 * A codec for FlightData that bypasses Connect: the parts that are removed from messages, and the value that a handler
 * gets and returns for a message.
 */
export interface FrameCodec<Frame> {
  /**
   * Removes the parts that bypass Connect from a stream of envelopes, and adds them to the queue.
   *
   * @param ended - aborts when the call ends
   */
  detach(bytes: AsyncIterable<Uint8Array>, queue: BodyQueue, ended: AbortSignal): AsyncIterable<Uint8Array>;
  /** Converts a message to a frame. Without a queue, the message contains everything. */
  fromMessage(message: FlightData, queue: BodyQueue | undefined): Frame;
  /** Converts a frame to a message. Without a queue, the message contains everything. */
  toMessage(frame: Frame, queue: BodyQueue | undefined): FlightData | Promise<FlightData>;
}

/**
 * Creates a codec for frames. Only their bodies bypass Connect.
 *
 * @param options - `budget` is the memory that messages must claim before they are read, unlimited by default;
 * `messageBytes` is the largest message in bytes, `messageBytesMax` by default; `allocate` is that of `DetachOptions`
 */
export function createFrameCodec({
  budget,
  messageBytes = messageBytesMax,
  allocate,
}: {
  budget?: MessageBudget | undefined;
  messageBytes?: number;
  allocate?: Allocate;
} = {}): FrameCodec<FlightFrame> {
  const options = { messageBytesMax: messageBytes, budget, allocate };
  return {
    detach: (bytes, queue, ended) => detachBodies(bytes, queue, { ...options, ended }),
    fromMessage: fromFlightData,
    toMessage: toFlightData,
  };
}

/** A codec for whole messages, which bypass Connect completely. A proxy uses it. */
export const wireCodec: FrameCodec<WireMessage> = {
  detach: detachMessages,
  fromMessage: toWireMessage,
  toMessage: fromWireMessage,
};
