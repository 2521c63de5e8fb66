import {
  type Checked,
  compileGlob,
  type DatasetName,
  datasetNameFromBytes,
  datasetNameFromPath,
  datasetNameToBytes,
  datasetPath,
  decodeFlightCommand,
  decodePutCommand,
  dropActionType,
  type FlightCommand,
  type PutCommand,
  type PutMode,
  putModeHeader,
  putModes,
  quoteName,
} from "../dataset/index.ts";
import { assertNoFlightSql, assertNoFlightSqlAction } from "./flight-sql.ts";
import { createPathDescriptor, FlightError } from "../flight/index.ts";
import { encodeSchemaMessage } from "../arrow/index.ts";
import {
  FlightDescriptor_DescriptorType as DescriptorType,
  type Action,
  type Criteria,
  type FlightDescriptor,
} from "../gen/arrow/flight/protocol/flight_pb.ts";
import { declaredRowCount } from "./declared-rows.ts";

/*
 * The contract of the Arrow cookbook's Flight recipe, which every producer of datasets keeps: a descriptor is
 * the path of a dataset, its flight has one endpoint, and the endpoint's ticket is the dataset's name.
 */

/** The action that deletes a dataset, in the recipe's own words. */
export const dropDatasetAction = {
  type: dropActionType,
  description: "Delete a dataset.",
} as const;

/**
 * Runs an action of a producer of datasets: `drop_dataset`, which gives no results.
 *
 * @throws FlightError UNIMPLEMENTED for another action; INVALID_ARGUMENT where the body is no name; what `drop` throws
 */
export async function* runDatasetAction(
  action: Action,
  drop: (name: DatasetName) => void | Promise<void>,
): AsyncGenerator<never, void, undefined> {
  if (action.type !== dropDatasetAction.type) {
    assertNoFlightSqlAction(action);
    throw new FlightError("unimplemented", `there is no action ${quoteName(action.type)}`);
  }
  await drop(datasetNameFromBytes(action.body));
  yield* [];
}

/** What a FlightInfo says of the data behind it. */
export interface FlightContent {
  /** The flatbuffer `Message` of the schema, without length prefix. */
  readonly schemaHeader: Uint8Array;
  /** Rows behind all tickets together. */
  readonly rowCount: bigint;
  /** Bytes as stored; -1 where they are not known. */
  readonly byteLength: bigint;
  /** Where all of it is fetched: any of them will do. */
  readonly locations: readonly string[];
}

/** Describes a whole dataset as the recipe does: one endpoint, whose ticket is the dataset's name. */
export function createDatasetInfo({ name, ...content }: FlightContent & { readonly name: DatasetName }) {
  return createFlightInfo({
    ...content,
    descriptor: createPathDescriptor(datasetPath(name)),
    tickets: [datasetNameToBytes(name)],
  });
}

/** Describes a flight of one endpoint for each ticket, to be read one after the other, or at once and joined in order. */
export function createFlightInfo(
  flight: FlightContent & {
    readonly descriptor: FlightDescriptor;
    readonly tickets: readonly Uint8Array<ArrayBuffer>[];
    /** Where each of them is fetched by plain HTTP as well. */
    readonly fileUrls?: readonly string[] | undefined;
  },
) {
  const { descriptor, tickets, locations, fileUrls = [] } = flight;
  const locationsOf = (i: number) => [...locations, ...fileUrls.slice(i, i + 1)].map((uri) => ({ uri }));
  return {
    schema: encodeSchemaMessage(flight.schemaHeader),
    flightDescriptor: descriptor,
    endpoint: tickets.map((ticket, i) => ({ ticket: { ticket }, location: locationsOf(i) })),
    ordered: tickets.length > 1,
    totalRecords: flight.rowCount,
    totalBytes: flight.byteLength,
  };
}

/** Whether a descriptor has a command, not a path. */
export function isCommand({ type }: FlightDescriptor): boolean {
  return type === DescriptorType.CMD;
}

/**
 * Reads what a descriptor asks to be read: a whole dataset by its path, or what a command says.
 *
 * @throws FlightError INVALID_ARGUMENT where the path is no name, or the command none of `dataset-command.ts`;
 * UNIMPLEMENTED where it is one of Flight SQL
 */
export function flightCommandFromDescriptor(descriptor: FlightDescriptor): Checked<FlightCommand> {
  assertNoFlightSql(descriptor.cmd);
  if (isCommand(descriptor)) return decodeFlightCommand(descriptor.cmd);
  return { dataset: datasetNameFromDescriptor(descriptor) };
}

/**
 * Reads what a put asks for: by its descriptor, a path or a command, and by the headers `hangar-put-mode` and
 * `hangar-row-count`.
 *
 * @throws FlightError INVALID_ARGUMENT as `flightCommandFromDescriptor`; where a header has another value, or
 * not the one that the command has
 */
export function putCommandFromDescriptor(
  descriptor: FlightDescriptor,
  header: Headers,
): Checked<PutCommand> & { readonly mode: PutMode } {
  const command: Checked<PutCommand> = isCommand(descriptor)
    ? decodePutCommand(descriptor.cmd)
    : { dataset: datasetNameFromDescriptor(descriptor) };
  const { dataset, mode } = command;
  const headerValue = header.get(putModeHeader);
  const headerMode = putModes.find((each) => each === headerValue);
  if (headerValue !== null && headerMode === undefined) {
    const choices = putModes.join(" or ");
    throw new FlightError("invalid_argument", `the header ${putModeHeader} must be ${choices}`);
  }
  if (mode !== undefined && headerMode !== undefined && mode !== headerMode) {
    const words = `the command's "mode" is ${mode}, the header ${putModeHeader} is ${headerMode}`;
    throw new FlightError("invalid_argument", words);
  }
  const rowCount = declaredRowCount(header, command.rowCount);
  return { dataset, mode: mode ?? headerMode ?? "replace", rowCount };
}

/**
 * Reads the name of the dataset that a descriptor asks for.
 *
 * @throws FlightError INVALID_ARGUMENT where the path is no name, UNIMPLEMENTED for a command
 */
export function datasetNameFromDescriptor(descriptor: FlightDescriptor): DatasetName {
  assertNoFlightSql(descriptor.cmd);
  switch (descriptor.type) {
    case DescriptorType.PATH:
      return datasetNameFromPath(descriptor.path);
    case DescriptorType.CMD:
      throw new FlightError("unimplemented", "a descriptor of type CMD is not served; name a dataset by type PATH");
    default:
      throw new FlightError(
        "invalid_argument",
        `the descriptor's type is ${nameOfType(descriptor.type)}; it must be PATH or CMD`,
      );
  }
}

function nameOfType(type: FlightDescriptor["type"]): string {
  return type === DescriptorType.UNKNOWN ? "UNKNOWN, as where none is set" : String(type);
}

/**
 * Makes a matcher of names out of the criteria of ListFlights: a glob, as in `compileGlob`, in UTF-8. An empty
 * expression matches every name.
 *
 * @throws FlightError INVALID_ARGUMENT where the expression is no UTF-8 or no valid pattern
 */
export function datasetMatcher(criteria: Criteria): (name: string) => boolean {
  let pattern: string;
  try {
    pattern = new TextDecoder("utf-8", { fatal: true }).decode(criteria.expression);
  } catch (reason) {
    throw new FlightError("invalid_argument", "the criteria's expression is not valid UTF-8", { cause: reason });
  }
  return compileGlob(pattern);
}
