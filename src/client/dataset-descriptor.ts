import { encodeCommand, splitName } from "../dataset/index.ts";
import { createCommandDescriptor, createPathDescriptor } from "../flight/index.ts";
import type { FlightDescriptor } from "../gen/arrow/flight/protocol/flight_pb.ts";
import type { GetOptions } from "./dataset-options.ts";

/**
 * Creates the descriptor of a dataset: a path for the whole dataset, a command of Hangar for a part of it.
 *
 * @throws FlightError INVALID_ARGUMENT if the name is not a string
 */
export function createDatasetDescriptor(
  name: string,
  { columns, filter, offset, limit, endpoints }: GetOptions = {},
): FlightDescriptor {
  const path = splitName(name);
  const command = { columns, filter, offset, limit, endpoints };
  return Object.values(command).every((value) => value === undefined)
    ? createPathDescriptor(path)
    : createCommandDescriptor(encodeCommand({ dataset: path.join("/"), ...command }));
}
