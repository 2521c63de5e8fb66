import type { HandlerContext } from "@connectrpc/connect";
import { mapStream, type FrameCodec } from "../../flight/index.ts";
import type { FlightData } from "../../gen/arrow/flight/protocol/flight_pb.ts";
import { untilAborted } from "../../producer/index.ts";
import type { FrameCounter } from "../calls/count-frames.ts";
import { arrivalKey, observedKey } from "../rpc/call-context.ts";
import type { FrameCheck } from "./check-answers.ts";

/** How the frames of a producer become messages, and messages frames. */
export interface FrameStreamOptions<Frame> {
  readonly codec: FrameCodec<Frame>;
  readonly count: FrameCounter<Frame>;
  /** Creates the check of the frames of an answer. Omitted for a relay, which does not read them. */
  readonly createCheck?: (method: string) => FrameCheck<Frame>;
}

/** Converts the streams of calls between FlightData and the producer's frames, and counts the frames. */
export class FrameStreams<Frame> {
  readonly #options: FrameStreamOptions<Frame>;

  constructor(options: FrameStreamOptions<Frame>) {
    this.#options = options;
  }

  /** Returns the messages of an answer. Their bodies go into the queue of the response, if it has one. */
  toMessages(frames: AsyncIterable<Frame>, context: HandlerContext): AsyncIterable<FlightData> {
    const { codec, count, createCheck } = this.#options;
    const bodies = context.values.get(arrivalKey).responseBodies;
    const call = context.values.get(observedKey);
    const check = createCheck?.(context.method.name);
    return mapStream(frames, (frame) => {
      check?.(frame);
      count(call, "sent", frame);
      return codec.toMessage(frame, bodies);
    });
  }

  /** Returns the frames of a request. They end with the call's signal. */
  toFrames(requests: AsyncIterable<FlightData>, context: HandlerContext): AsyncIterable<Frame> {
    const { codec, count } = this.#options;
    const bodies = context.values.get(arrivalKey).requestBodies;
    const call = context.values.get(observedKey);
    const frames = mapStream(requests, (message) => {
      const frame = codec.fromMessage(message, bodies);
      count(call, "received", frame);
      return frame;
    });
    // A deadline ends the call but not the request stream. Without this, a handler would wait for it forever.
    return untilAborted(frames, context.signal);
  }
}
