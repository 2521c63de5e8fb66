import {
  datasetNameFromBytes,
  datasetNameFromPath,
  decodeFlightCommand,
  decodePutCommand,
  decodeTicket,
  isFolderPattern,
  type DatasetName,
} from "../../dataset/index.ts";
import { FlightError } from "../../flight/index.ts";
import {
  FlightDescriptor_DescriptorType as DescriptorType,
  type FlightDescriptor,
} from "../../gen/arrow/flight/protocol/flight_pb.ts";
import {
  assertNoFlightSql,
  datasetNameFromDescriptor,
  flightCommandFromDescriptor,
  isCommand,
  putCommandFromDescriptor,
} from "../../producer/index.ts";

/**
 * Finds the dataset that a call is about. Undefined means that the call names no dataset; then the caller needs the
 * right on all data.
 */
export interface DatasetFinder {
  /** Finds the dataset of a requested flight. */
  inDescriptor(descriptor: FlightDescriptor): DatasetName | undefined;
  /** Finds the dataset of a put or an exchange. */
  inPut(descriptor: FlightDescriptor): DatasetName | undefined;
  /** Finds the dataset that an append creates; undefined for other puts, and for puts that no Hangar server accepts. */
  inAppend(descriptor: FlightDescriptor, header: Headers): DatasetName | undefined;
  inTicket(ticket: Uint8Array): DatasetName | undefined;
  /** Finds the dataset of the action `drop_dataset`. */
  inDrop(body: Uint8Array): DatasetName | undefined;
}

/**
 * Finds datasets for producers that serve only datasets.
 *
 * @throws FlightError INVALID_ARGUMENT or UNIMPLEMENTED for everything else, as such a producer does
 */
export const datasetFinder: DatasetFinder = {
  inDescriptor: (descriptor) => flightCommandFromDescriptor(descriptor).dataset,
  inPut: (descriptor) =>
    isCommand(descriptor) ? decodePutCommand(descriptor.cmd).dataset : datasetNameFromDescriptor(descriptor),
  inAppend,
  inTicket: (ticket) => {
    assertNoFlightSql(ticket);
    return decodeTicket(ticket).dataset;
  },
  inDrop: datasetNameFromBytes,
};

/**
 * Finds datasets for proxies and other producers. A name counts only if it is unambiguous: in the form of listings,
 * without other fields, and without a `*`, which may stand for other datasets.
 */
export const carefulFinder: DatasetFinder = {
  inDescriptor: (descriptor) => carefully(descriptor, () => decodeFlightCommand(descriptor.cmd).dataset),
  inPut: (descriptor) => carefully(descriptor, () => decodePutCommand(descriptor.cmd).dataset),
  inAppend,
  inTicket: (ticket) => exactly(() => decodeTicket(ticket).dataset, textOf(ticket)),
  inDrop: (body) => exactly(() => datasetNameFromBytes(body), textOf(body)),
};

function inAppend(descriptor: FlightDescriptor, header: Headers): DatasetName | undefined {
  try {
    const { appendId, dataset } = putCommandFromDescriptor(descriptor, header);
    return appendId === undefined ? undefined : dataset;
  } catch (reason) {
    if (reason instanceof FlightError) return undefined;
    throw reason;
  }
}

function carefully(descriptor: FlightDescriptor, fromCommand: () => DatasetName): DatasetName | undefined {
  const { type, path, cmd } = descriptor;
  if (isCommand(descriptor)) return path.length === 0 ? exactly(fromCommand, textOf(cmd)) : undefined;
  const isPath = type === DescriptorType.PATH && cmd.byteLength === 0;
  return isPath ? exactly(() => datasetNameFromPath(path), path.join("/")) : undefined;
}

/** Returns a name; undefined if there is none, or if the text is another form of it. */
function exactly(find: () => DatasetName, text: string): DatasetName | undefined {
  try {
    const name = find();
    if (isFolderPattern(name)) return undefined;
    return text === name || datasetIn(text) === name ? name : undefined;
  } catch (reason) {
    if (reason instanceof FlightError || reason instanceof SyntaxError) return undefined;
    throw reason;
  }
}

/** Returns the name in a command, or in the ticket of a part. */
function datasetIn(text: string): unknown {
  const [json = ""] = /\{.*/s.exec(text) ?? [];
  return (JSON.parse(json || "{}") as { readonly dataset?: unknown }).dataset;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
