import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { FlightError, mapStream, type FrameCodec } from "../../flight/index.ts";
import type { FlightData, FlightService } from "../../gen/arrow/flight/protocol/flight_pb.ts";
import { untilAborted, type FlightProducer } from "../../producer/index.ts";
import type { FrameCounter } from "../calls/count-frames.ts";
import { checkFlightInfo, type FrameCheck } from "./check-answers.ts";
import { arrivalKey, createCallContext, observedKey } from "../rpc/call-context.ts";
import type { ErrorTranslator } from "../rpc/translate-errors.ts";

/**
 * Implements the ten RPCs of Flight over a producer, for Connect's router.
 *
 * @param frames - converts FlightData to the producer's frames and back, and counts them; `createCheck` is for the
 * answers of a producer, and omitted for a relay, which does not read them
 */
export function createFlightService<Frame>(
  producer: FlightProducer<Frame>,
  {
    codec,
    count,
    createCheck,
  }: {
    readonly codec: FrameCodec<Frame>;
    readonly count: FrameCounter<Frame>;
    readonly createCheck?: (method: string) => FrameCheck<Frame>;
  },
  { stream, unary }: ErrorTranslator,
): ServiceImpl<typeof FlightService> {
  const toMessages = (frames: AsyncIterable<Frame>, context: HandlerContext): AsyncIterable<FlightData> => {
    const bodies = context.values.get(arrivalKey).responseBodies;
    const call = context.values.get(observedKey);
    const check = createCheck?.(context.method.name);
    return mapStream(frames, (frame) => {
      check?.(frame);
      count(call, "sent", frame);
      return codec.toMessage(frame, bodies);
    });
  };
  const toFrames = (requests: AsyncIterable<FlightData>, context: HandlerContext): AsyncIterable<Frame> => {
    const bodies = context.values.get(arrivalKey).requestBodies;
    const call = context.values.get(observedKey);
    const frames = mapStream(requests, (message) => {
      const frame = codec.fromMessage(message, bodies);
      count(call, "received", frame);
      return frame;
    });
    // A deadline ends the call but not the request stream. Without this, a handler would wait for it forever.
    return untilAborted(frames, context.signal);
  };
  const checkInfo: typeof checkFlightInfo = createCheck ? checkFlightInfo : (info) => info;
  return {
    handshake: (requests, context) =>
      stream(context, () => {
        const incoming = untilAborted(requests, context.signal);
        return producer.handshake?.(createCallContext(context), incoming) ?? unserved("Handshake");
      }),
    listFlights: (criteria, context) =>
      stream(context, () => {
        const flights = producer.listFlights?.(createCallContext(context), criteria) ?? unserved("ListFlights");
        return mapStream(flights, checkInfo);
      }),
    getFlightInfo: (descriptor, context) =>
      unary(context, async () =>
        checkInfo(
          await (producer.getFlightInfo?.(createCallContext(context), descriptor) ?? unserved("GetFlightInfo")),
        ),
      ),
    pollFlightInfo: (descriptor, context) =>
      unary(context, async () => {
        const poll = await (producer.pollFlightInfo?.(createCallContext(context), descriptor) ??
          unserved("PollFlightInfo"));
        if (poll.info) checkInfo(poll.info);
        return poll;
      }),
    getSchema: (descriptor, context) =>
      unary(context, async () => {
        const call = createCallContext(context);
        if (producer.getSchema) return await producer.getSchema(call, descriptor);
        const info = await (producer.getFlightInfo?.(call, descriptor) ?? unserved("GetSchema"));
        return info.schema === undefined ? {} : { schema: info.schema };
      }),
    doGet: (ticket, context) =>
      stream(context, () =>
        toMessages(producer.doGet?.(createCallContext(context), ticket) ?? unserved("DoGet"), context),
      ),
    doPut: (requests, context) =>
      stream(context, () => {
        const frames = toFrames(requests, context);
        return producer.doPut?.(createCallContext(context), frames) ?? unserved("DoPut");
      }),
    doExchange: (requests, context) =>
      stream(context, () => {
        const frames = toFrames(requests, context);
        return toMessages(producer.doExchange?.(createCallContext(context), frames) ?? unserved("DoExchange"), context);
      }),
    doAction: (action, context) =>
      stream(context, () => producer.doAction?.(createCallContext(context), action) ?? unserved("DoAction")),
    listActions: (_empty, context) =>
      stream(context, () => producer.listActions?.(createCallContext(context)) ?? unserved("ListActions")),
  };
}

function unserved(method: string): never {
  throw new FlightError("unimplemented", `this server does not support ${method}`);
}
