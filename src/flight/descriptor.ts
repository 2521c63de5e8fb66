import { create } from "@bufbuild/protobuf";
import {
  FlightDescriptor_DescriptorType as DescriptorType,
  FlightDescriptorSchema,
  type FlightDescriptor,
} from "../gen/arrow/flight/protocol/flight_pb.ts";

/** Creates a descriptor that names a dataset by its path. */
export function createPathDescriptor(path: readonly string[]): FlightDescriptor {
  return create(FlightDescriptorSchema, { type: DescriptorType.PATH, path: [...path] });
}

/** Creates a descriptor of type CMD. A string is encoded as UTF-8. */
export function createCommandDescriptor(cmd: Uint8Array | string): FlightDescriptor {
  const bytes = typeof cmd === "string" ? new TextEncoder().encode(cmd) : cmd;
  return create(FlightDescriptorSchema, { type: DescriptorType.CMD, cmd: new Uint8Array(bytes) });
}
