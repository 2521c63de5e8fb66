import type { DescMethod } from "@bufbuild/protobuf";
import { FlightDataSchema } from "../gen/arrow/flight/protocol/flight_pb.ts";

/** Whether a method's requests, or answers, are streams of FlightData. */
export function carriesFlightData(method: DescMethod, direction: "input" | "output"): boolean {
  return method[direction].typeName === FlightDataSchema.typeName;
}
