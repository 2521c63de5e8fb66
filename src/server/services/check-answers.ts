import type { MessageInitShape } from "@bufbuild/protobuf";
import { messageKind, type MessageKind } from "../../arrow/index.ts";
import { FlightError, type FlightFrame } from "../../flight/index.ts";
import {
  FlightDescriptor_DescriptorType as DescriptorType,
  type FlightInfoSchema,
} from "../../gen/arrow/flight/protocol/flight_pb.ts";

/** Checks the frames of one answer in turn. */
export type FrameCheck<Frame> = (frame: Frame) => void;

/**
 * Creates the check of an answer with Arrow data: a schema, then batches. Clients report a violation each in its own
 * way, and none of them names the producer.
 *
 * @param method - the RPC, such as `DoGet`
 * @returns a function that throws FlightError INTERNAL
 */
export function createFrameCheck(method: string): FrameCheck<FlightFrame> {
  let hasSchema = false;
  return ({ header }) => {
    const kind = kindOf(header);
    if (kind === "none") return;
    if (kind !== "schema" && !hasSchema) throw wrong(`its ${method} sent a batch before the schema`);
    if (kind === "schema" && hasSchema) {
      throw wrong(`its ${method} sent a second schema; a stream has one schema, before its batches`);
    }
    hasSchema = true;
  };
}

/** What is no Arrow message is for the client to judge. */
function kindOf(header: Uint8Array): MessageKind {
  try {
    return header.byteLength === 0 ? "none" : messageKind(header);
  } catch {
    return "none";
  }
}

/** Checks the descriptor of a flight. @throws FlightError INTERNAL if its type is neither PATH nor CMD */
export function checkFlightInfo(
  info: MessageInitShape<typeof FlightInfoSchema>,
): MessageInitShape<typeof FlightInfoSchema> {
  const { type = DescriptorType.UNKNOWN } = info.flightDescriptor ?? { type: DescriptorType.PATH };
  if (type === DescriptorType.PATH || type === DescriptorType.CMD) return info;
  const given = type === DescriptorType.UNKNOWN ? "UNKNOWN" : JSON.stringify(type);
  throw wrong(`the descriptor of its FlightInfo has the type ${given}; it must be PATH (1) or CMD (2)`);
}

function wrong(what: string): FlightError {
  return new FlightError("internal", `this server's producer is wrong: ${what}`);
}
