import {
  appendedName,
  appendIdFromHeader,
  type Checked,
  type CommitMode,
  createAppendId,
  decodePutCommand,
  idempotencyKeyHeader,
  oneOf,
  type DatasetName,
  type PutCommand,
  type PutMode,
  putModeHeader,
  putModes,
} from "../dataset/index.ts";
import { FlightError } from "../flight/index.ts";
import type { FlightDescriptor } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { datasetNameFromDescriptor, isCommand } from "./dataset-flight.ts";
import { declaredRowCount } from "./declared-rows.ts";

/** A put command that has been checked. */
export interface CheckedPut {
  /** The name of the dataset, checked. For an append, the name of the dataset that it creates. */
  readonly dataset: DatasetName;
  /** The mode of the commit; `create` for an append. */
  readonly mode: CommitMode;
  /** The declared number of rows. */
  readonly rowCount?: number | undefined;
  /** The id of the append; undefined for other puts. */
  readonly appendId?: string | undefined;
}

/**
 * Decodes the command of a put from its descriptor (a path or a command) and from the headers `hangar-put-mode`,
 * `hangar-row-count` and, for an append, `idempotency-key`.
 *
 * @param header - the request headers
 * @throws FlightError INVALID_ARGUMENT if the path, the command or a header is not valid, or if a header contradicts the
 * command; UNIMPLEMENTED for a command of Flight SQL
 */
export function putCommandFromDescriptor(descriptor: FlightDescriptor, header: Headers): CheckedPut {
  const command: Checked<PutCommand> = isCommand(descriptor)
    ? decodePutCommand(descriptor.cmd)
    : { dataset: datasetNameFromDescriptor(descriptor) };
  const { dataset } = command;
  const mode = agreed(command.mode, putModeFrom(header), ["mode", putModeHeader]) ?? "replace";
  const rowCount = declaredRowCount(header, command.rowCount);
  if (mode !== "append") {
    if (command.id === undefined) return { dataset, mode, rowCount };
    throw new FlightError("invalid_argument", `the command's "id" is for the mode append, but the mode is ${mode}`);
  }
  const id = agreed(command.id, appendIdFromHeader(header), ["id", idempotencyKeyHeader]) ?? createAppendId();
  return { dataset: appendedName(dataset, id), mode: "create", rowCount, appendId: id };
}

function putModeFrom(header: Headers): PutMode | undefined {
  const value = header.get(putModeHeader);
  const mode = putModes.find((each) => each === value);
  if (value !== null && mode === undefined) {
    throw new FlightError("invalid_argument", `the header ${putModeHeader} must be ${oneOf(putModes)}`);
  }
  return mode;
}

function agreed<T extends string>(
  inCommand: T | undefined,
  inHeader: T | undefined,
  [field, name]: readonly [string, string],
): T | undefined {
  if (inCommand === undefined || inHeader === undefined || inCommand === inHeader) return inCommand ?? inHeader;
  const words = `the command's "${field}" is ${inCommand}, the header ${name} is ${inHeader}`;
  throw new FlightError("invalid_argument", words);
}
