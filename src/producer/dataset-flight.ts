import {
  compileGlob,
  createPathDescriptor,
  datasetNameFromBytes,
  datasetNameFromPath,
  datasetNameToBytes,
  datasetPath,
  encodeSchemaMessage,
  FlightError,
  quoteName,
  type DatasetName,
} from "../flight/index.ts";
import {
  FlightDescriptor_DescriptorType as DescriptorType,
  type Action,
  type Criteria,
  type FlightDescriptor,
} from "../gen/arrow/flight/protocol/flight_pb.ts";

/*
 * The contract of the Arrow cookbook's Flight recipe, which every producer of datasets keeps: a descriptor is
 * the path of a dataset, its flight has one endpoint, and the endpoint's ticket is the dataset's name.
 */

/** The action that deletes a dataset, as in the recipe; its body is the dataset's name. */
export const dropDatasetAction = {
  type: "drop_dataset",
  description: "Deletes the dataset whose name is the body: the segments of its path, joined by /, in UTF-8.",
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
    throw new FlightError("unimplemented", `there is no action ${quoteName(action.type)}`);
  }
  await drop(datasetNameFromBytes(action.body));
  yield* [];
}

/** What the FlightInfo of a dataset is made of. */
export interface DatasetFlight {
  readonly name: DatasetName;
  /** The flatbuffer `Message` of the schema, without length prefix. */
  readonly schemaHeader: Uint8Array;
  /** Rows of the whole dataset. */
  readonly rowCount: bigint;
  /** Bytes of the whole dataset, as stored. */
  readonly byteLength: bigint;
  /** Where the dataset is fetched, such as `grpc+tcp://localhost:8815`. */
  readonly location: string;
}

/** Describes a dataset as the recipe does: one endpoint, whose ticket is the dataset's name. */
export function createDatasetInfo(dataset: DatasetFlight) {
  return {
    schema: encodeSchemaMessage(dataset.schemaHeader),
    flightDescriptor: createPathDescriptor(datasetPath(dataset.name)),
    endpoint: [{ ticket: { ticket: datasetNameToBytes(dataset.name) }, location: [{ uri: dataset.location }] }],
    totalRecords: dataset.rowCount,
    totalBytes: dataset.byteLength,
  };
}

/**
 * Reads the name of the dataset that a descriptor asks for.
 *
 * @throws FlightError INVALID_ARGUMENT where the path is no name, UNIMPLEMENTED for a command
 */
export function datasetNameFromDescriptor(descriptor: FlightDescriptor): DatasetName {
  switch (descriptor.type) {
    case DescriptorType.PATH:
      return datasetNameFromPath(descriptor.path);
    case DescriptorType.CMD:
      throw new FlightError("unimplemented", "a descriptor of type CMD is not served; name a dataset by type PATH");
    default:
      throw new FlightError("invalid_argument", "the descriptor's type is not PATH");
  }
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

/** The address that a client reached, in Flight's own scheme, with its port also where it is the scheme's own. */
export function locationFromOrigin(origin: URL): string {
  const isSecure = origin.protocol === "https:";
  const port = origin.port === "" ? (isSecure ? "443" : "80") : origin.port;
  return `${isSecure ? "grpc+tls" : "grpc+tcp"}://${origin.hostname}:${port}`;
}
