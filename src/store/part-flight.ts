import type { FlightCommand } from "../flight/index.ts";
import type { FlightDescriptor } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { readSchemaHeader } from "../parquet/index.ts";
import { createFlightInfo } from "../producer/index.ts";
import type { DescribedDataset } from "./dataset-reader.ts";
import { generationOf } from "./file-version.ts";
import { encodePartTicket } from "./part-ticket.ts";
import { planEndpoints } from "./plan-endpoints.ts";
import type { DatasetPart } from "./select-part.ts";

/** A part of a dataset as a flight. */
export interface PartFlight {
  readonly descriptor: FlightDescriptor;
  readonly command: FlightCommand;
  readonly dataset: DescribedDataset;
  /** What the command selects in the dataset. */
  readonly part: DatasetPart;
  /** Where it is fetched. */
  readonly location: string;
}

/** Describes a part of a dataset: tickets for this version of it, and sizes as far as the footer tells them. */
export function createPartInfo({ descriptor, command, dataset, part, location }: PartFlight) {
  const { name, version, facts } = dataset;
  const { columns, endpoints = 1 } = command;
  const groupRowCounts = facts.rowGroups.map(({ rowCount }) => rowCount);
  const ranges = planEndpoints({ groupRowCounts, range: part.range, endpointCount: endpoints });
  const generation = generationOf(version);
  return createFlightInfo({
    descriptor,
    schemaHeader: readSchemaHeader(facts, part.columnIndices),
    tickets: ranges.map((range) => encodePartTicket({ dataset: name, generation, columns, ...range })),
    rowCount: BigInt(part.range.limit),
    byteLength: part.isWhole ? version.byteLength : -1n,
    location,
  });
}
