import { readRowCount } from "../../arrow/index.ts";
import { frameByteLength, type FlightFrame, type WireMessage } from "../../flight/index.ts";
import type { Direction } from "../metrics.ts";
import type { ObservedCall } from "./call-observer.ts";

/** Counts a frame or message with FlightData. */
export type FrameCounter<Frame> = (call: ObservedCall | undefined, direction: Direction, frame: Frame) => void;

/** Counts the bytes of a frame, and its rows if it is a record batch. */
export const countFrame: FrameCounter<FlightFrame> = (call, direction, frame) => {
  if (call === undefined) return;
  call.addBytes(direction, frameByteLength(frame));
  const rowCount = readRowCount(frame.header);
  if (rowCount !== undefined) call.addBatch(direction, rowCount);
};

/** Counts the bytes of a message that is forwarded without decoding. */
export const countMessage: FrameCounter<WireMessage> = (call, direction, message) => {
  call?.addBytes(direction, message.byteLength);
};
