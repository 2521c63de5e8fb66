import { createFileUrl, encodePartTicket, type FlightCommand } from "../dataset/index.ts";
import type { FlightDescriptor } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { readSchemaHeader, type ParquetFacts } from "../parquet/index.ts";
import { createFlightInfo } from "../producer/index.ts";
import type { DescribedDataset } from "./dataset-reader.ts";
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
  const { name, version, facts } = dataset;
  const { filter } = part;
  const ranges = planRanges(command, part, facts);
  const asked = { dataset: name, version: version.id, columns: command.columns };
  return createFlightInfo({
    descriptor,
    schemaHeader: readSchemaHeader(facts, part.columnIndices),
    tickets: ranges.map((rows) => {
      if (filter === undefined) return encodePartTicket({ ...asked, ...rows });
      const { offset, limit } = command;
      return encodePartTicket({ ...asked, filter: command.filter, offset, limit, rows });
    }),
    // How many rows meet a filter is not known before they are read.
    rowCount: filter === undefined ? BigInt(part.range.limit) : -1n,
    byteLength: part.isWhole ? BigInt(version.byteLength) : -1n,
    locations,
    peers,
    fileUrls: command.files ? ranges.map((rows) => toFileUrl(flight, rows)) : undefined,
  });
}

/** An Arrow stream of just the version that the flight was planned on. */
function toFileUrl({ command, dataset, part, origin }: PartFlight, rows: RowRange): string {
  const { columns, filter } = command;
  const { offset, limit } = part.filter ? command : rows;
  const version = dataset.version.id;
  return createFileUrl(origin, dataset.name, { format: "arrow", columns, filter, offset, limit, version });
}

/** The rows of each endpoint. Where matching rows are to be skipped or counted, one endpoint has to do it. */
function planRanges(
  { endpoints = 1, files = false }: FlightCommand,
  { range, filter }: DatasetPart,
  facts: ParquetFacts,
): RowRange[] {
  // Nor does the URL of a file say which rows its filter is asked about.
  const isCounted = filter !== undefined && (filter.offset > 0 || filter.limit !== undefined || files);
  const groupRowCounts = facts.rowGroups.map(({ rowCount }) => rowCount);
  return planEndpoints({ groupRowCounts, range, endpointCount: isCounted ? 1 : endpoints });
}
