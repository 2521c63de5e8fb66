import { createCommandDescriptor, createPathDescriptor, readEndpoint, type FlightReader } from "hangar";
import {
  encodeCommand,
  FlightError,
  quoteName,
  toFlightError,
  type DatasetSelection,
  type FlightFrame,
} from "hangar/flight";
import { readParts, type StreamPart } from "hangar/rows";
import { assertCurrent, type KnownVersion } from "./assert-current.ts";
import { flight } from "./client.ts";
import { nestedArray } from "./nested-array.ts";
import { serverUrl } from "./server.ts";
import type { DatasetDescription } from "./describe-dataset.ts";
import { planRuns } from "./plan-runs.ts";

/** A batch of rows, to be looked at value by value. */
export type Batch = Extract<StreamPart, { kind: "batch" }>;

/** What it takes to read rows of a dataset that has been described: those of that version, or an error. */
export type ReadDataset = KnownVersion & Pick<DatasetDescription, "hasSelections" | "rowCount">;

/**
 * Reads the batches of a selection as they come. Leaving them, or the signal, ends the call on the server.
 *
 * @throws FlightError FAILED_PRECONDITION where the dataset has been replaced; as `DoGet`
 */
export async function* readSelection(
  dataset: KnownVersion,
  selection: Omit<DatasetSelection, "dataset"> & { readonly columns: readonly string[] },
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const columns = storedNames(dataset, selection.columns);
  const command = encodeCommand({ dataset: dataset.name, ...selection, columns });
  const batches = readFlight(createCommandDescriptor(command), dataset, signal);
  for await (const batch of batches) yield selectColumns(dataset, batch, selection.columns);
}

/** Which rows are read of a dataset that is described, from its first. */
export interface FirstRows {
  readonly columns: readonly string[];
  /** Empty for all rows. */
  readonly filter: string;
  /** Rows at most. */
  readonly limit: number;
  /** Told which share of the rows to look through has been looked through, from 0 to 1, where that is known. */
  readonly onShare?: ((share: number) => void) | undefined;
}

/** Rows of a dataset that one endpoint of a filtered read looks through: after each of them there is progress to tell. */
const filteredRowsMax = 2 ** 18;

/** The most endpoints that Hangar plans. */
const endpointsMax = 64;

/** Parts of a read that the server looks through at the same time. It holds one batch of each. */
const partsAtOnce = 2;

/**
 * Rows that are asked for at once: as many as pyarrow's row groups have, which are decoded once then. Some browsers hold all
 * of an answer that has not been read yet, however much it is.
 */
const runRowsMax = 2 ** 20;

/**
 * Reads the first rows of some columns, of whatever server: from one that sends datasets only as a whole, the rest is
 * passed over, and the filter must be empty.
 */
export async function* readFirstRows(
  dataset: ReadDataset,
  rows: FirstRows,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const { columns, filter, limit } = rows;
  if (!dataset.hasSelections) return yield* readOfWhole(dataset, rows, signal);
  if (filter !== "") return yield* readMatching(dataset, rows, signal);
  if (dataset.rowCount === undefined) return yield* readSelection(dataset, { columns, limit }, signal);
  const rowEnd = Math.min(limit, dataset.rowCount);
  for (let offset = 0; offset < rowEnd; offset += runRowsMax) {
    yield* readSelection(dataset, { columns, offset, limit: Math.min(runRowsMax, rowEnd - offset) }, signal);
  }
}

/** Reads rows that meet a filter, from the first, endpoint by endpoint: a filter says nothing about its progress. */
async function* readMatching(
  dataset: ReadDataset,
  { columns, filter, limit, onShare }: FirstRows,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const endpoints = Math.min(endpointsMax, Math.max(1, Math.ceil((dataset.rowCount ?? 0) / filteredRowsMax)));
  const stored = storedNames(dataset, columns);
  const command = { dataset: dataset.name, columns: stored, filter, ...(endpoints === 1 ? { limit } : { endpoints }) };
  const batches = readFlight(createCommandDescriptor(encodeCommand(command)), dataset, signal, onShare);
  yield* takeRows(dataset, batches, { columns, limit });
}

/** Reads a dataset from its beginning, until there is enough of it. */
async function* readOfWhole(
  dataset: ReadDataset,
  { columns, limit }: FirstRows,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const batches = readFlight(createPathDescriptor(dataset.name.split("/")), dataset, signal);
  yield* takeRows(dataset, batches, { columns, limit });
}

/** The first rows of batches, and some of their columns. */
async function* takeRows(
  dataset: KnownVersion,
  batches: AsyncGenerator<Batch>,
  { columns, limit }: Pick<FirstRows, "columns" | "limit">,
): AsyncGenerator<Batch> {
  let rest = limit;
  if (rest === 0) return;
  for await (const batch of batches) {
    const rowCount = Math.min(rest, batch.rowCount);
    yield selectColumns(dataset, { ...batch, rowCount }, columns);
    rest -= rowCount;
    if (rest === 0) return;
  }
}

/**
 * Reads rows from all over a dataset, `limit` at most; the first ones where a filter leaves nobody to know which rows are
 * where, or the server sends datasets only as a whole.
 *
 * @param rows - `runCount`: into how many runs the rows are divided; 40 by default
 */
export async function* readSpread(
  dataset: ReadDataset,
  rows: FirstRows & { readonly runCount?: number },
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const { rowCount } = dataset;
  if (!isSpread(dataset, rows) || rowCount === undefined) return yield* readFirstRows(dataset, rows, signal);
  for (const run of planRuns(rowCount, rows.limit, rows.runCount)) {
    yield* readSelection(dataset, { columns: rows.columns, ...run }, signal);
  }
}

/** Whether rows are read from all over a dataset, and not its first ones; pure. */
export function isSpread({ hasSelections, rowCount }: ReadDataset, { filter, limit }: FirstRows): boolean {
  return hasSelections && filter === "" && rowCount !== undefined && rowCount > limit;
}

/** A batch with some of its columns; pure. Where a server does not tell versions apart, columns that are missing do. */
function selectColumns(dataset: KnownVersion, batch: Batch, columns: readonly string[]): Batch {
  const byName = new Map(batch.columns.map((column) => [column.field.name, column]));
  const selected = columns.map((wanted) => {
    const [name = wanted, ...path] = dataset.nested.get(wanted)?.path ?? [wanted];
    const column = byName.get(name);
    const array = column && (path.length === 0 ? column : nestedArray(column, path, wanted));
    if (array !== undefined) return array;
    const problem = `dataset ${quoteName(dataset.name)} has been replaced by one without the column ${quoteName(wanted)}`;
    throw new FlightError("failed_precondition", problem);
  });
  return { ...batch, columns: selected };
}

/** The columns that the server sends for those that are wanted: fields of structs come with all of their column. */
function storedNames({ nested }: KnownVersion, columns: readonly string[]): readonly string[] {
  return [...new Set(columns.map((name) => nested.get(name)?.path[0] ?? name))];
}

/** This page may ask none but the server that it has come from, wherever that says that its tickets are taken. */
const reader: FlightReader = {
  url: serverUrl,
  client: flight,
  clientOf: () => flight,
  fetch: (...args) => fetch(...args),
};

async function* readFlight(
  descriptor: Parameters<typeof flight.getFlightInfo>[0],
  dataset: KnownVersion,
  signal: AbortSignal,
  onShare?: (share: number) => void,
): AsyncGenerator<Batch> {
  const { endpoint } = await planFlight(descriptor, dataset, signal);
  // A flight is of the version that there was when it was planned: one that is still there now is that one.
  const isCurrent = assertCurrent(dataset, signal);
  isCurrent.catch(() => {});
  const parts = endpoint.map((each) => {
    // A proxy says behind its own address which server behind it has the data; no other host may be asked for a file.
    each.location = each.location.filter(({ uri }) => uri.startsWith("grpc"));
    return (ending: AbortSignal) =>
      batchesOf(readEndpoint(reader, each, { signal: AbortSignal.any([signal, ending]) }));
  });
  let readCount = 0;
  for await (const batches of eachStarted(parts)) {
    for await (const batch of batches) {
      await isCurrent;
      yield batch;
    }
    onShare?.(++readCount / endpoint.length);
  }
  await isCurrent;
}

/** A part of a flight. */
type Part = (ending: AbortSignal) => AsyncGenerator<Batch>;

/** Opens parts in their order. The server begins with the next one while the page reads the one before. */
async function* eachStarted(parts: readonly Part[]): AsyncGenerator<AsyncGenerator<Batch>> {
  const leaving = new AbortController();
  const started: AsyncGenerator<Batch>[] = [];
  try {
    for (const [i] of parts.entries()) {
      const next = parts.slice(i + started.length, i + partsAtOnce);
      started.push(...next.map((part) => start(part(leaving.signal))));
      yield started.shift()!;
    }
  } finally {
    leaving.abort();
  }
}

/** Asks for the first batch of a part. Returns all of its batches. */
function start(batches: AsyncGenerator<Batch>): AsyncGenerator<Batch> {
  const asked = batches.next();
  asked.catch(() => {});
  return (async function* () {
    const first = await asked;
    if (first.done) return;
    yield first.value;
    yield* batches;
  })();
}

/**
 * Plans a read. What the server does not understand of it may be right for the version that has been described, and
 * wrong for another one that has come: columns, filters and types may be gone with it.
 */
async function planFlight(
  descriptor: Parameters<typeof flight.getFlightInfo>[0],
  dataset: KnownVersion,
  signal: AbortSignal,
): ReturnType<typeof flight.getFlightInfo> {
  try {
    return await flight.getFlightInfo(descriptor, { signal });
  } catch (reason) {
    if (toFlightError(reason).code === "invalid_argument") await assertCurrent(dataset, signal);
    throw reason;
  }
}

async function* batchesOf(frames: AsyncGenerator<FlightFrame>): AsyncGenerator<Batch> {
  for await (const part of readParts(frames)) if (part.kind === "batch") yield part;
}
