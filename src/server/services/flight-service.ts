import type { ServiceImpl } from "@connectrpc/connect";
import { FlightError, mapStream } from "../../flight/index.ts";
import type { FlightService } from "../../gen/arrow/flight/protocol/flight_pb.ts";
import { untilAborted, type FlightProducer } from "../../producer/index.ts";
import { createCallContext } from "../rpc/call-context.ts";
import type { ErrorTranslator } from "../rpc/translate-errors.ts";
import { checkFlightInfo } from "./check-answers.ts";
import { FrameStreams, type FrameStreamOptions } from "./frame-streams.ts";

/** Implements the ten RPCs of Flight over a producer, for Connect's router. */
export function createFlightService<Frame>(
  producer: FlightProducer<Frame>,
  options: FrameStreamOptions<Frame>,
  { stream, unary }: ErrorTranslator,
): ServiceImpl<typeof FlightService> {
  const streams = new FrameStreams(options);
  const checkInfo: typeof checkFlightInfo = options.createCheck ? checkFlightInfo : (info) => info;
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
        streams.toMessages(producer.doGet?.(createCallContext(context), ticket) ?? unserved("DoGet"), context),
      ),
    doPut: (requests, context) =>
      stream(context, () => {
        const frames = streams.toFrames(requests, context);
        return producer.doPut?.(createCallContext(context), frames) ?? unserved("DoPut");
      }),
    doExchange: (requests, context) =>
      stream(context, () => {
        const frames = streams.toFrames(requests, context);
        return streams.toMessages(
          producer.doExchange?.(createCallContext(context), frames) ?? unserved("DoExchange"),
          context,
        );
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
