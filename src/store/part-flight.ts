import {
  createFileUrl,
  encodePartTicket,
  fileEndpointCountMax,
  fileEndpointsBytesMax,
  type FlightCommand,
} from "../dataset/index.ts";
import type { FlightDescriptor } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { FlightError, quoteName } from "../flight/index.ts";
import { readSchemaHeader } from "../parquet/index.ts";
import { createFlightInfo } from "../producer/index.ts";
import type { DescribedDataset } from "./dataset-reader.ts";
import { isFolderDataset, type FolderDataset } from "./folder/folder-dataset.ts";
import { rowsByFile } from "./folder/read-folder.ts";
import { planEndpoints, type RowRange } from "./plan-endpoints.ts";
import type { DatasetPart } from "./select-part.ts";

/** A part of a dataset as a flight. */
export interface PartFlight {
  readonly descriptor: FlightDescriptor;
  readonly command: FlightCommand;
  readonly dataset: DescribedDataset;
  /** The selection of the command in the dataset. */
  readonly part: DatasetPart;
  /** Where it is fetched: any of them will do. */
  readonly locations: readonly string[];
  /** The locations of all servers that have the dataset. */
  readonly peers: readonly string[];
  /** This server as the client reached it. */
  readonly origin: URL;
}

/**
 * Creates the FlightInfo of a part of a dataset: tickets for its current version, and sizes as far as the footer has
 * them.
 */
export function createPartInfo(flight: PartFlight) {
  const { descriptor, command, dataset, part, locations, peers } = flight;
  const { version, facts } = dataset;
  const { filter } = part;
  const ranges = planRanges(flight);
  return createFlightInfo({
    descriptor,
    schemaHeader: readSchemaHeader(facts, part.columnIndices),
    tickets: ranges.map((rows) => toTicket(flight, rows)),
    // How many rows meet a filter is not known before they are read.
    rowCount: filter === undefined ? BigInt(part.range.limit) : -1n,
    byteLength: part.isWhole ? BigInt(version.byteLength) : -1n,
    locations,
    peers,
    fileUrls: command.files ? ranges.map((rows) => toFileUrl(flight, rows)) : undefined,
  });
}

function toTicket({ command, dataset, part }: PartFlight, rows: RowRange): Uint8Array<ArrayBuffer> {
  const { columns, filter, offset, limit } = command;
  const asked = { dataset: dataset.name, version: dataset.version.id, columns };
  if (part.filter === undefined) return encodePartTicket({ ...asked, ...rows });
  return encodePartTicket({ ...asked, filter, offset, limit, rows });
}

/** An Arrow stream of just the version that the flight was planned on. */
function toFileUrl({ command, dataset, part, origin }: PartFlight, rows: RowRange): string {
  const { columns, filter } = command;
  const { offset, limit } = part.filter ? command : rows;
  const version = dataset.version.id;
  return createFileUrl(origin, dataset.name, { format: "arrow", columns, filter, offset, limit, version });
}

/** The rows of each endpoint. Where matching rows are to be skipped or counted, one endpoint has to do it. */
function planRanges(flight: PartFlight): RowRange[] {
  const { command, dataset, part } = flight;
  const { endpoints = 1, files = false } = command;
  const { range, filter } = part;
  if (endpoints === "files") return isFolderDataset(dataset) ? planByFile(flight, dataset) : [range];
  // Nor does the URL of a file say which rows its filter is asked about.
  const isCounted = filter !== undefined && (filter.offset > 0 || filter.limit !== undefined || files);
  const groupRowCounts = dataset.facts.rowGroups.map(({ rowCount }) => rowCount);
  return planEndpoints({ groupRowCounts, range, endpointCount: isCounted ? 1 : endpoints });
}

/**
 * The rows of each file of a folder that may have rows of the part. If there is no such file, there is one range without
 * rows, so that the flight has an endpoint.
 *
 * @throws FlightError RESOURCE_EXHAUSTED if the FlightInfo would be too large
 */
function planByFile(flight: PartFlight, folder: FolderDataset): RowRange[] {
  const { part, locations, peers, command } = flight;
  const ranges = rowsByFile(folder, part);
  const last = ranges.at(-1);
  if (last === undefined) return [{ offset: part.range.offset, limit: 0 }];
  const refuse = (limit: string): never => {
    const words = `${quoteName(folder.name)} has ${ranges.length} files to read, and the endpoints of a flight by files are limited to ${limit}; use a filter, a narrower pattern, or a number of endpoints`;
    throw new FlightError("resource_exhausted", words, { dataset: folder.name });
  };
  if (ranges.length > fileEndpointCountMax) refuse(`${fileEndpointCountMax}`);
  // The last endpoint has the largest numbers, so no other one is larger.
  const urls = [...locations, ...peers, ...(command.files ? [toFileUrl(flight, last)] : [])];
  const byteLength = toTicket(flight, last).byteLength + urls.reduce((sum, { length }) => sum + length, 0);
  if (byteLength * ranges.length > fileEndpointsBytesMax) refuse(`${fileEndpointsBytesMax} bytes`);
  return ranges;
}
