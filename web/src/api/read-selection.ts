import { createCommandDescriptor, createPathDescriptor } from "hangar";
import { encodeCommand, type DatasetSelection, type FlightFrame } from "hangar/flight";
import { readParts, type StreamPart } from "hangar/rows";
import { flight } from "./client.ts";
import type { DatasetDescription } from "./describe-dataset.ts";

/** A batch of rows, to be looked at value by value. */
export type Batch = Extract<StreamPart, { kind: "batch" }>;

/** Reads the batches of a selection as they come. Leaving them, or the signal, ends the call on the server. */
export async function* readSelection(selection: DatasetSelection, signal: AbortSignal): AsyncGenerator<Batch> {
  yield* readFlight(createCommandDescriptor(encodeCommand(selection)), signal);
}

/** Which rows are read of a dataset that is described, from its first. */
export interface FirstRows {
  readonly columns: readonly string[];
  /** Empty for all rows. */
  readonly filter: string;
  /** Rows at most. */
  readonly limit: number;
}

/**
 * Reads the first rows of some columns, of whatever server: from one that sends datasets only as a whole, the rest is
 * passed over, and the filter must be empty.
 */
export async function* readFirstRows(
  { name, hasSelections }: Pick<DatasetDescription, "name" | "hasSelections">,
  { columns, filter, limit }: FirstRows,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  if (hasSelections) {
    yield* readSelection({ dataset: name, columns, limit, ...(filter && { filter }) }, signal);
    return;
  }
  let rest = limit;
  for await (const batch of readFlight(createPathDescriptor(name.split("/")), signal)) {
    const rowCount = Math.min(rest, batch.rowCount);
    yield { ...batch, rowCount, columns: batch.columns.filter(({ field }) => columns.includes(field.name)) };
    rest -= rowCount;
    if (rest === 0) return;
  }
}

/** Runs of rows that are read of a dataset that is too large to read all of it. */
const spreadRunCount = 40;

/** Which rows stand for all: as many as asked for, in runs from the first row to the last; pure. */
export function planRuns(rowCount: number, limit: number): readonly { offset: number; limit: number }[] {
  if (rowCount <= limit) return [{ offset: 0, limit: rowCount }];
  const runLength = Math.ceil(limit / spreadRunCount);
  const step = (rowCount - runLength) / (spreadRunCount - 1);
  return Array.from({ length: spreadRunCount }, (_, run) => ({ offset: Math.floor(run * step), limit: runLength }));
}

/**
 * Reads rows from all over a dataset, `limit` at most; the first ones where a filter leaves nobody to know which rows are
 * where, or the server sends datasets only as a whole.
 */
export async function* readSpread(
  dataset: Pick<DatasetDescription, "name" | "hasSelections" | "rowCount">,
  rows: FirstRows,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const { name, hasSelections, rowCount } = dataset;
  if (!hasSelections || rowCount === undefined || rows.filter !== "") {
    return yield* readFirstRows(dataset, rows, signal);
  }
  for (const run of planRuns(rowCount, rows.limit)) {
    yield* readSelection({ dataset: name, columns: rows.columns, ...run }, signal);
  }
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
