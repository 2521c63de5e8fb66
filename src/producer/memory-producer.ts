import {
  compareNames,
  compileGlob,
  datasetExists,
  type DatasetName,
  datasetNameFromBytes,
  missingDataset,
  parseDatasetName,
  putResultTrailer,
  type CommitMode,
} from "../dataset/index.ts";
import { createFrame, frameByteLength, type FlightFrame } from "../flight/index.ts";
import { decodeMessage, decodeSchema, encodeSchemaMessage } from "../arrow/index.ts";
import type {
  Action,
  Criteria,
  FlightDescriptor,
  HandshakeRequest,
  Ticket,
} from "../gen/arrow/flight/protocol/flight_pb.ts";
import type { CallContext } from "./call-context.ts";
import type {
  DatasetCatalog,
  DatasetDescription,
  DatasetPage,
  DatasetPageRequest,
  DatasetSummary,
} from "./dataset-catalog.ts";
import {
  createDatasetInfo,
  datasetMatcher,
  datasetNameFromDescriptor,
  dropDatasetAction,
  runDatasetAction,
} from "./dataset-flight.ts";
import type { FlightProducer } from "./flight-producer.ts";
import { assertRowCount } from "./declared-rows.ts";
import { assertNoFlightSql } from "./flight-sql.ts";
import { ownLocations } from "./own-locations.ts";
import { putCommandFromDescriptor, type CheckedPut } from "./put-command.ts";
import { receivePut, type IncomingPut } from "./receive-put.ts";
import { runPut } from "./run-put.ts";

/** A dataset, as it was put. A put of the same name creates a new object, so that readers keep the old one. */
interface Dataset {
  readonly name: DatasetName;
  readonly schemaHeader: Uint8Array;
  /** Dictionary batches and record batches in the order they came. */
  readonly batches: readonly FlightFrame[];
  readonly rowCount: bigint;
  readonly byteLength: bigint;
  readonly changed: Date;
}

/**
 * Creates a producer that keeps datasets in memory. Its source is the example for producers of your own
 * (docs/producers.md).
 */
export function createMemoryProducer(): FlightProducer & DatasetCatalog {
  return new MemoryProducer();
}

class MemoryProducer implements FlightProducer, DatasetCatalog {
  readonly servesDatasets = true;
  readonly #datasets = new Map<DatasetName, Dataset>();

  /** Echoes every payload, as a scheme of authentication that lets everybody in. */
  async *handshake(_context: CallContext, requests: AsyncIterable<HandshakeRequest>) {
    for await (const { protocolVersion, payload } of requests) yield { protocolVersion, payload };
  }

  async *listFlights(context: CallContext, criteria: Criteria) {
    const matches = datasetMatcher(criteria);
    for (const dataset of this.#sorted()) {
      if (matches(dataset.name) && (await mayRead(context, dataset))) yield describe(context, dataset);
    }
  }

  async getFlightInfo(context: CallContext, descriptor: FlightDescriptor) {
    return describe(context, this.#find(datasetNameFromDescriptor(descriptor)));
  }

  /** A dataset is there or it is not: the first poll is already the last. */
  async pollFlightInfo(context: CallContext, descriptor: FlightDescriptor) {
    return { info: await this.getFlightInfo(context, descriptor), progress: 1 };
  }

  async getSchema(_context: CallContext, descriptor: FlightDescriptor) {
    return { schema: encodeSchemaMessage(this.#find(datasetNameFromDescriptor(descriptor)).schemaHeader) };
  }

  async *doGet(_context: CallContext, ticket: Ticket) {
    assertNoFlightSql(ticket.ticket);
    const dataset = this.#find(datasetNameFromBytes(ticket.ticket));
    yield createFrame({ header: dataset.schemaHeader });
    yield* dataset.batches;
  }

  doPut(context: CallContext, frames: AsyncIterable<FlightFrame>) {
    return receivePut(context, frames, async (put) => {
      datasetNameFromDescriptor(put.descriptor);
      const command = putCommandFromDescriptor(put.descriptor, context.requestHeader);
      return await runPut(command, put, async () => {
        const isNew = await this.#store(command, put);
        context.responseTrailer.set(putResultTrailer, isNew ? "created" : "replaced");
      });
    });
  }

  /** Stores a put. Returns whether its dataset is new. */
  async #store(
    { dataset: name, mode, rowCount: declared }: CheckedPut,
    { schemaHeader, batches }: IncomingPut,
  ): Promise<boolean> {
    this.#assertPlaceable(name, mode);
    decodeSchema(schemaHeader);
    const kept: FlightFrame[] = [];
    let rowCount = 0;
    let byteLength = schemaHeader.byteLength;
    for await (const { header, body } of batches) {
      const message = decodeMessage(header);
      if (message.kind === "record_batch") rowCount += message.layout.rowCount;
      const frame = createFrame({ header, body });
      byteLength += frameByteLength(frame);
      kept.push(frame);
    }
    assertRowCount(declared, BigInt(rowCount));
    this.#assertPlaceable(name, mode);
    const isNew = !this.#datasets.has(name);
    // Only now, with all of it here, does the dataset appear: a put that failed above has left nothing.
    this.#datasets.set(name, {
      name,
      schemaHeader,
      batches: kept,
      rowCount: BigInt(rowCount),
      byteLength: BigInt(byteLength),
      changed: new Date(),
    });
    return isNew;
  }

  /** Echoes the request: schema, batches and application metadata. */
  async *doExchange(_context: CallContext, frames: AsyncIterable<FlightFrame>) {
    for await (const { header, appMetadata, body } of frames) {
      // The first frame may have nothing but the descriptor, which an answer does not repeat.
      if (header.byteLength > 0 || appMetadata.byteLength > 0) yield createFrame({ header, appMetadata, body });
    }
  }

  doAction(_context: CallContext, action: Action) {
    return runDatasetAction(action, (name) => this.#drop(name));
  }

  async *listActions() {
    yield dropDatasetAction;
  }

  async listDatasets(context: CallContext, page: DatasetPageRequest): Promise<DatasetPage> {
    const matches = compileGlob(page.glob);
    const following: Dataset[] = [];
    for (const dataset of this.#sorted()) {
      const isAsked = compareNames(dataset.name, page.after) > 0 && matches(dataset.name);
      if (isAsked && (await mayRead(context, dataset))) following.push(dataset);
    }
    return { datasets: following.slice(0, page.pageSize).map(summarize), more: following.length > page.pageSize };
  }

  async getDataset(_context: CallContext, name: string): Promise<DatasetDescription> {
    const dataset = this.#find(parseDatasetName(name));
    return { summary: summarize(dataset), schema: decodeSchema(dataset.schemaHeader) };
  }

  async dropDataset(_context: CallContext, name: string): Promise<void> {
    this.#drop(parseDatasetName(name));
  }

  #sorted(): Dataset[] {
    return [...this.#datasets.values()].sort((a, b) => compareNames(a.name, b.name));
  }

  #find(name: DatasetName): Dataset {
    const dataset = this.#datasets.get(name);
    if (dataset === undefined) throw missingDataset(name);
    return dataset;
  }

  #assertPlaceable(name: DatasetName, mode: CommitMode): void {
    if (mode === "create" && this.#datasets.has(name)) throw datasetExists(name);
  }

  #drop(name: DatasetName): void {
    if (!this.#datasets.delete(name)) throw missingDataset(name);
  }
}

async function mayRead({ mayRead }: CallContext, { name }: Dataset): Promise<boolean> {
  return (await mayRead?.(name)) ?? true;
}

function describe(context: CallContext, dataset: Dataset) {
  return createDatasetInfo({ ...dataset, locations: ownLocations(context) });
}

function summarize({ name, schemaHeader, rowCount, byteLength, changed }: Dataset): DatasetSummary {
  return { name, rowCount, byteLength, changed, columnCount: decodeSchema(schemaHeader).fields.length };
}
