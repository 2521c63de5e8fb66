import type { FlightData } from "../gen/arrow/flight/protocol/flight_pb.ts";
import type { BodyQueue, WireMessage } from "./body-queue.ts";
import { detachBodies } from "./detach-bodies.ts";
import { fromFlightData, toFlightData } from "./flight-data.ts";
import type { FlightFrame } from "./frame.ts";
import { messageBytesMax } from "./limits.ts";
import type { MessageBudget } from "./message-budget.ts";
import { detachMessages, fromWireMessage, toWireMessage } from "./wire-message.ts";

/** How FlightData goes past Connect: what is taken out of its messages, and what a handler gets and gives in their place. */
export interface FrameCodec<Frame> {
  /**
   * Takes out of a stream of envelopes what goes past Connect, into the queue.
   *
   * @param ended - aborted when the call has ended
   */
  detach(bytes: AsyncIterable<Uint8Array>, queue: BodyQueue, ended: AbortSignal): AsyncIterable<Uint8Array>;
  /** Without a queue, everything is in the message. */
  fromMessage(message: FlightData, queue: BodyQueue | undefined): Frame;
  /** Without a queue, everything goes into the message. */
  toMessage(frame: Frame, queue: BodyQueue | undefined): FlightData | Promise<FlightData>;
}

/**
 * Frames, whose bodies go past Connect: for those who look into messages.
 *
 * @param budget - the memory that messages wait for before they are read; none by default
 */
export function createFrameCodec(budget?: MessageBudget): FrameCodec<FlightFrame> {
  return {
    detach: (bytes, queue, ended) => detachBodies(bytes, queue, { messageBytesMax, budget, ended }),
    fromMessage: fromFlightData,
    toMessage: toFlightData,
  };
}

/** Whole messages, of which nothing goes through Connect: for those who pass them on. */
export const wireCodec: FrameCodec<WireMessage> = {
  detach: detachMessages,
  fromMessage: toWireMessage,
  toMessage: fromWireMessage,
};
