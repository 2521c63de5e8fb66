import {
  type Checked,
  compileGlob,
  type DatasetName,
  datasetNameFromBytes,
  datasetNameFromPath,
  datasetNameToBytes,
  datasetPath,
  decodeFlightCommand,
  dropActionType,
  type FlightCommand,
} from "../dataset/index.ts";
import { assertNoFlightSql, assertNoFlightSqlAction } from "./flight-sql.ts";
import { createPathDescriptor, FlightError, quoteName } from "../flight/index.ts";
import { encodeSchemaMessage } from "../arrow/index.ts";
import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  FlightDescriptor_DescriptorType as DescriptorType,
  type Action,
  type Criteria,
  type FlightDescriptor,
  type FlightInfoSchema,
} from "../gen/arrow/flight/protocol/flight_pb.ts";

/*
 * The contract of the Arrow cookbook's Flight recipe, which every producer of datasets keeps: a descriptor is
 * the path of a dataset, its flight has one endpoint, and the endpoint's ticket is the dataset's name.
 */

/** The action that deletes a dataset, as in the recipe. */
export const dropDatasetAction: { readonly type: string; readonly description: string } = {
  type: dropActionType,
  description: "Delete a dataset.",
};

/**
 * Runs the action `drop_dataset`, which has no results.
 *
 * @param drop - deletes a dataset
 * @throws FlightError UNIMPLEMENTED for any other action; INVALID_ARGUMENT if the body is not a dataset name; errors of
 * `drop`
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

/** The properties of a flight in its FlightInfo. */
export interface FlightContent {
  /** The flatbuffer `Message` of the schema, without length prefix. */
  readonly schemaHeader: Uint8Array;
  /** The number of rows of all tickets; -1 if it is not known. */
  readonly rowCount: bigint;
  /** The stored size in bytes; -1 if it is not known. */
  readonly byteLength: bigint;
  /** The locations of each endpoint. A client uses any one of them; see `ownLocations`. */
  readonly locations: readonly string[];
}

/** Creates the FlightInfo of a whole dataset, as in the recipe: one endpoint, whose ticket is the dataset's name. */
export function createDatasetInfo({
  name,
  ...content
}: FlightContent & {
  /** The name of the dataset. */
  readonly name: DatasetName;
}): MessageInitShape<typeof FlightInfoSchema> {
  return createFlightInfo({
    ...content,
    descriptor: createPathDescriptor(datasetPath(name)),
    tickets: [datasetNameToBytes(name)],
  });
}

/** Creates the FlightInfo of a flight with one endpoint for each ticket. The endpoints are in the order of the rows. */
export function createFlightInfo(
  flight: FlightContent & {
    /** The descriptor of the flight. */
    readonly descriptor: FlightDescriptor;
    /** The ticket of each endpoint. */
    readonly tickets: readonly Uint8Array<ArrayBuffer>[];
    /**
     * The locations of several servers, any of which redeems the tickets. They come before `locations`, for each endpoint
     * in another order, so that clients spread their calls. None by default.
     */
    readonly peers?: readonly string[];
    /** The URL of each endpoint for plain HTTP; none by default. */
    readonly fileUrls?: readonly string[] | undefined;
  },
): MessageInitShape<typeof FlightInfoSchema> {
  const { descriptor, tickets, locations, peers = [], fileUrls = [] } = flight;
  const locationsOf = (i: number) => {
    const first = i % Math.max(1, peers.length);
    const all = new Set([...peers.slice(first), ...peers.slice(0, first), ...locations, ...fileUrls.slice(i, i + 1)]);
    return [...all].map((uri) => ({ uri }));
  };
  return {
    schema: encodeSchemaMessage(flight.schemaHeader),
    flightDescriptor: descriptor,
    endpoint: tickets.map((ticket, i) => ({ ticket: { ticket }, location: locationsOf(i) })),
    ordered: tickets.length > 1,
    totalRecords: flight.rowCount,
    totalBytes: flight.byteLength,
  };
}

/** Whether a descriptor is of type CMD. */
export function isCommand({ type }: FlightDescriptor): boolean {
  return type === DescriptorType.CMD;
}

/**
 * Decodes a descriptor of a read. A path selects a whole dataset; a command may select a part of it.
 *
 * @throws FlightError INVALID_ARGUMENT if the path is not a dataset name, or the command is not valid; UNIMPLEMENTED for a
 * command of Flight SQL
 */
export function flightCommandFromDescriptor(descriptor: FlightDescriptor): Checked<FlightCommand> {
  assertNoFlightSql(descriptor.cmd);
  if (isCommand(descriptor)) return decodeFlightCommand(descriptor.cmd);
  return { dataset: datasetNameFromDescriptor(descriptor) };
}

/**
 * Returns the name of the dataset in a descriptor of type PATH.
 *
 * @throws FlightError INVALID_ARGUMENT if the path is not a dataset name; UNIMPLEMENTED for a command
 */
export function datasetNameFromDescriptor(descriptor: FlightDescriptor): DatasetName {
  assertNoFlightSql(descriptor.cmd);
  switch (descriptor.type) {
    case DescriptorType.PATH:
      return datasetNameFromPath(descriptor.path);
    case DescriptorType.CMD:
      throw new FlightError("unimplemented", "descriptors of type CMD are not supported; use type PATH");
    default:
      throw new FlightError(
        "invalid_argument",
        `the descriptor's type is ${nameOfType(descriptor.type)}; it must be PATH or CMD`,
      );
  }
}

function nameOfType(type: FlightDescriptor["type"]): string {
  return type === DescriptorType.UNKNOWN ? "UNKNOWN, the default" : String(type);
}

/**
 * Compiles the criteria of ListFlights to a function that matches dataset names. The expression is a glob pattern in UTF-8
 * (see `compileGlob`). An empty expression matches every name.
 *
 * @throws FlightError INVALID_ARGUMENT if the expression is not UTF-8 or not a valid pattern
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
