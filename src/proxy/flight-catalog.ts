import { create } from "@bufbuild/protobuf";
import {
  compareNames,
  compileGlob,
  datasetNameFromPath,
  datasetNameToBytes,
  datasetPath,
  parseDatasetName,
} from "../dataset/index.ts";
import { createPathDescriptor, FlightError } from "../flight/index.ts";
import { decodeSchema, decodeSchemaMessage, type Schema } from "../arrow/index.ts";
import { ActionSchema, CriteriaSchema, type FlightInfo } from "../gen/arrow/flight/protocol/flight_pb.ts";
import {
  dropDatasetAction,
  type CallContext,
  type DatasetCatalog,
  type DatasetPage,
  type DatasetPageRequest,
  type DatasetSummary,
} from "../producer/index.ts";
import type { UpstreamRelay } from "./flight-relay.ts";

/**
 * `hangar.v1.DatasetService` over Flight. The datasets are the flights whose descriptors are paths. A page needs a
 * listing of all flights, but only the page is kept in memory. The time of the last put is not known.
 */
export class FlightCatalog implements DatasetCatalog {
  readonly readsFolders = "elsewhere";
  readonly #relay: UpstreamRelay;

  constructor(relay: UpstreamRelay) {
    this.#relay = relay;
  }

  async listDatasets(context: CallContext, { pageSize, after, glob }: DatasetPageRequest): Promise<DatasetPage> {
    const matches = compileGlob(glob);
    const first = new FirstOfAll(pageSize + 1);
    for await (const info of this.#relay.listFlights(context, create(CriteriaSchema))) {
      const summary = summarizeIfDataset(info);
      if (summary === undefined || compareNames(summary.name, after) <= 0 || !matches(summary.name)) continue;
      if ((await context.mayRead?.(summary.name)) ?? true) first.add(summary);
    }
    const datasets = first.sorted();
    return { datasets: datasets.slice(0, pageSize), more: datasets.length > pageSize };
  }

  async getDataset(context: CallContext, name: string): Promise<{ summary: DatasetSummary; schema: Schema }> {
    const descriptor = createPathDescriptor(datasetPath(parseDatasetName(name)));
    const info = await this.#relay.getFlightInfo(context, descriptor);
    // A server may return the schema only from GetSchema.
    if (info.schema.byteLength === 0) info.schema = (await this.#relay.getSchema(context, descriptor)).schema;
    return { summary: summarize(name, info), schema: schemaOf(info) };
  }

  async dropDataset(context: CallContext, name: string): Promise<void> {
    const body = datasetNameToBytes(parseDatasetName(name));
    const action = create(ActionSchema, { type: dropDatasetAction.type, body });
    for await (const _ of this.#relay.doAction(context, action));
  }
}

/** Returns the summary of a flight; undefined if its path is not a dataset name, or if it cannot be decoded. */
function summarizeIfDataset(info: FlightInfo): DatasetSummary | undefined {
  try {
    return summarize(datasetNameFromPath(info.flightDescriptor?.path ?? []), info);
  } catch (reason) {
    if (reason instanceof FlightError) return undefined;
    throw reason;
  }
}

function summarize(name: string, info: FlightInfo): DatasetSummary {
  const columnCount = info.schema.byteLength === 0 ? 0 : schemaOf(info).fields.length;
  return { name, rowCount: info.totalRecords, byteLength: info.totalBytes, columnCount, changed: undefined };
}

function schemaOf({ schema }: FlightInfo): Schema {
  return decodeSchema(decodeSchemaMessage(schema));
}

/** The first datasets in the order of their names, up to a maximum number. */
class FirstOfAll {
  readonly #countMax: number;
  #kept: DatasetSummary[] = [];

  constructor(countMax: number) {
    this.#countMax = countMax;
  }

  add(summary: DatasetSummary): void {
    this.#kept.push(summary);
    if (this.#kept.length >= 2 * this.#countMax) this.#kept = this.sorted();
  }

  sorted(): DatasetSummary[] {
    return this.#kept.toSorted((a, b) => compareNames(a.name, b.name)).slice(0, this.#countMax);
  }
}
