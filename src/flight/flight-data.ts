import { create, type DescMethod } from "@bufbuild/protobuf";
import { FlightDataSchema, type FlightData } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { noBody, type BodyQueue } from "./body-queue.ts";
import { createFrame, joinBody, type FlightFrame } from "./frame.ts";

/**
 * A frame as the protobuf message that Connect sends.
 *
 * @param bodies - takes the body, to be attached below Connect; undefined puts the body into the message, as a
 * JSON or unary call needs it
 */
export function toFlightData(frame: FlightFrame, bodies: BodyQueue | undefined): FlightData {
  bodies?.push(frame);
  return create(FlightDataSchema, {
    ...(frame.descriptor && { flightDescriptor: frame.descriptor }),
    dataHeader: frame.header,
    appMetadata: frame.appMetadata,
    ...(bodies === undefined && { dataBody: joinBody(frame) }),
  });
}

/**
 * Converts a protobuf message that Connect has parsed to a frame.
 *
 * @param bodies - the queue with the detached bodies. If it is undefined or has no body, the message contains its body.
 */
export function fromFlightData(message: FlightData, bodies: BodyQueue | undefined): FlightFrame {
  const { body: detached, release } = bodies?.shift() ?? noBody;
  const own = message.dataBody.byteLength > 0 ? [message.dataBody] : [];
  return createFrame({
    ...(message.flightDescriptor && { descriptor: message.flightDescriptor }),
    header: message.dataHeader,
    appMetadata: message.appMetadata,
    body: detached.length > 0 ? detached : own,
    ...(release && { release }),
  });
}

/** Whether a method's requests, or its answers, are streams of FlightData. */
export function carriesFlightData(method: DescMethod, direction: "input" | "output"): boolean {
  return method[direction].typeName === FlightDataSchema.typeName;
}
