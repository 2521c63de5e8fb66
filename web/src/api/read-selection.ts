import { createCommandDescriptor, createPathDescriptor } from "hangar";
import { encodeCommand, type DatasetSelection, type FlightFrame } from "hangar/flight";
import { readParts, type StreamPart } from "hangar/rows";
import { flight } from "./client.ts";

/** A batch of rows, to be looked at value by value. */
export type Batch = Extract<StreamPart, { kind: "batch" }>;

/** Reads the batches of a selection as they come. Leaving them, or the signal, ends the call on the server. */
export async function* readSelection(selection: DatasetSelection, signal: AbortSignal): AsyncGenerator<Batch> {
  yield* readFlight(createCommandDescriptor(encodeCommand(selection)), signal);
}

/** Reads the batches of a whole dataset, which every Flight server can send. */
export async function* readWhole(name: string, signal: AbortSignal): AsyncGenerator<Batch> {
  yield* readFlight(createPathDescriptor(name.split("/")), signal);
}

/**
 * How many rows a selection has.
 *
 * @returns undefined where the server does not know without reading them
 */
export async function countSelection(selection: DatasetSelection, signal: AbortSignal): Promise<number | undefined> {
  const info = await flight.getFlightInfo(createCommandDescriptor(encodeCommand(selection)), { signal });
  return info.totalRecords < 0n ? undefined : Number(info.totalRecords);
}

async function* readFlight(
  descriptor: Parameters<typeof flight.getFlightInfo>[0],
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const { endpoint } = await flight.getFlightInfo(descriptor, { signal });
  // Wherever a server says that its tickets are taken, this page may ask none but the one that it has come from.
  for (const { ticket } of endpoint) yield* batchesOf(flight.doGet(ticket ?? {}, { signal }));
}

async function* batchesOf(frames: AsyncGenerator<FlightFrame>): AsyncGenerator<Batch> {
  for await (const part of readParts(frames)) if (part.kind === "batch") yield part;
}
