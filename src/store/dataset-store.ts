import { mkdir, realpath } from "node:fs/promises";
import { compileGlob, parseDatasetName, type DatasetName } from "../dataset/index.ts";
import { decodeSchema, encodeSchemaMessage } from "../arrow/index.ts";
import { FlightError, listingConcurrencyMax, type FlightFrame, type MessageBudget } from "../flight/index.ts";
import type { Action, Criteria, FlightDescriptor, Ticket } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { readSchemaHeader, type ParquetPool } from "../parquet/index.ts";
import {
  assertNoFlightSql,
  createDatasetInfo,
  datasetMatcher,
  dropDatasetAction,
  flightCommandFromDescriptor,
  isCommand,
  ownLocations,
  putCommandFromDescriptor,
  receivePut,
  runDatasetAction,
  throwIfAborted,
  type CallContext,
  type DatasetCatalog,
  type DatasetFiles,
  type DatasetPage,
  type DatasetPageRequest,
  type DatasetSummary,
  type FlightProducer,
} from "../producer/index.ts";
import { createDatasetFiles } from "./dataset-files.ts";
import { DatasetReader, isUnreadable, type DescribedDataset } from "./dataset-reader.ts";
import { DatasetWriter } from "./dataset-writer.ts";
import { LeftOutLog } from "./left-out-log.ts";
import { listNames } from "./list-names.ts";
import { mapInOrder } from "./map-in-order.ts";
import { createPartInfo } from "./part-flight.ts";
import { assertGeneration, decodeTicket } from "./part-ticket.ts";
import { readPart } from "./read-part.ts";
import { readUnchanged } from "./read-unchanged.ts";
import { selectPart } from "./select-part.ts";
import { toStoreError } from "./store-error.ts";
import { silentLog, type StoreLog } from "./store-log.ts";
import { UploadArea } from "./upload-area.ts";
import { aliveIntervalMs } from "./upload-owner.ts";

/** What a store of datasets is made of. */
export interface DatasetStoreOptions {
  /** The folder of the datasets; it is made where it is missing. */
  readonly folder: string;
  /** The workers that encode and decode. They stay the caller's, who closes them after the store. */
  readonly pool: ParquetPool;
  /** The location that clients are told, such as `grpc+tls://flights.example:443`; the address they reached by default. */
  readonly advertise?: string;
  /** Where the operator is told of what is left out and removed; nowhere by default. */
  readonly log?: StoreLog;
}

/** Serves the Parquet files of a folder as flights. */
export interface DatasetStore extends FlightProducer, DatasetCatalog {
  /** The same datasets as files. */
  readonly files: DatasetFiles;
  /** Releases what the store holds, once its calls have ended. */
  close(): Promise<void>;
}

/**
 * Opens a folder of ordinary Parquet files as a store of datasets, after the contract of the Arrow cookbook's
 * recipe: the file `a/b.parquet` is the dataset of path [`a`, `b.parquet`], and its ticket is `a/b.parquet`.
 *
 * Several stores, in several processes too, may serve one folder, and any tool may add, replace (by a rename)
 * and remove files in it. What dead processes left of their puts is removed first, and every five minutes.
 */
export async function createDatasetStore(options: DatasetStoreOptions): Promise<DatasetStore> {
  await mkdir(options.folder, { recursive: true });
  const root = await realpath(options.folder);
  const log = options.log ?? silentLog;
  const uploads = await UploadArea.open(root);
  await tendUploads(uploads, log);
  return new FolderStore(root, uploads, { ...options, log });
}

/** Removes what dead servers left, and keeps other machines' servers from doing so with what this one has. */
async function tendUploads(uploads: UploadArea, log: StoreLog): Promise<void> {
  try {
    await uploads.sayAlive();
    const removedCount = await uploads.sweep();
    if (removedCount > 0) log.info({ removedCount }, "removed unfinished uploads of servers that are gone");
  } catch (reason) {
    log.warn({ err: reason }, "unfinished uploads of servers that are gone cannot be removed");
  }
}

class FolderStore implements DatasetStore {
  readonly #root: string;
  readonly files: DatasetFiles;
  readonly messageBudget: MessageBudget;
  readonly #uploads: UploadArea;
  readonly #writer: DatasetWriter;
  readonly #pool: ParquetPool;
  readonly #advertise: string | undefined;
  readonly #reader: DatasetReader;
  readonly #leftOut: LeftOutLog;
  readonly #tending: NodeJS.Timeout;

  constructor(root: string, uploads: UploadArea, options: DatasetStoreOptions & { readonly log: StoreLog }) {
    this.#root = root;
    this.#uploads = uploads;
    this.#pool = options.pool;
    this.messageBudget = options.pool.uploads.claims;
    this.#advertise = options.advertise;
    this.#reader = new DatasetReader(root, options.pool, options.log);
    this.#leftOut = new LeftOutLog(options.log);
    this.#tending = setInterval(() => void tendUploads(uploads, options.log), aliveIntervalMs).unref();
    this.#writer = new DatasetWriter(root, uploads, options.pool);
    this.files = createDatasetFiles(this.#reader, this.#writer, options.pool);
  }

  async close(): Promise<void> {
    clearInterval(this.#tending);
    await this.#uploads.close();
  }

  async *listFlights(context: CallContext, criteria: Criteria) {
    for await (const dataset of this.#list("", datasetMatcher(criteria))) {
      throwIfAborted(context.signal);
      yield this.#toInfo(context, dataset);
    }
  }

  async getFlightInfo(context: CallContext, descriptor: FlightDescriptor) {
    const { command, dataset, part } = await this.#find(descriptor);
    if (!isCommand(descriptor)) return this.#toInfo(context, dataset);
    const locations = ownLocations(context, this.#advertise);
    return createPartInfo({ descriptor, command, dataset, part, locations, origin: context.origin });
  }

  /** A dataset is there or it is not: the first poll is already the last. */
  async pollFlightInfo(context: CallContext, descriptor: FlightDescriptor) {
    return { info: await this.getFlightInfo(context, descriptor), progress: 1 };
  }

  async getSchema(_context: CallContext, descriptor: FlightDescriptor) {
    const { dataset, part } = await this.#find(descriptor);
    return { schema: encodeSchemaMessage(readSchemaHeader(dataset.facts, part.columnIndices)) };
  }

  async *doGet(context: CallContext, ticket: Ticket): AsyncGenerator<FlightFrame, void, undefined> {
    assertNoFlightSql(ticket.ticket);
    const asked = decodeTicket(ticket.ticket);
    const { name, file, version, facts } = await this.#reader.open(asked.dataset);
    try {
      assertGeneration(asked, version);
      yield* readUnchanged(file, version, readPart(this.#pool, { file, facts }, asked, context.signal));
    } catch (reason) {
      throwIfAborted(context.signal);
      throw toStoreError(reason, "read", name);
    } finally {
      await file.close();
    }
  }

  doPut(context: CallContext, frames: AsyncIterable<FlightFrame>) {
    return receivePut(context, frames, async (put, signal) => {
      const { dataset, ...placement } = putCommandFromDescriptor(put.descriptor, context.requestHeader);
      await this.#writer.putFrames(put, { name: dataset, ...placement }, signal);
    });
  }

  doAction(_context: CallContext, action: Action) {
    return runDatasetAction(action, (name) => this.#writer.drop(name));
  }

  async *listActions() {
    yield dropDatasetAction;
  }

  async listDatasets(context: CallContext, page: DatasetPageRequest): Promise<DatasetPage> {
    const datasets: DatasetSummary[] = [];
    for await (const dataset of this.#list(page.after, compileGlob(page.glob))) {
      throwIfAborted(context.signal);
      if (datasets.length === page.pageSize) return { datasets, more: true };
      datasets.push(summarize(dataset));
    }
    return { datasets, more: false };
  }

  async getDataset(_context: CallContext, name: string) {
    const dataset = await this.#reader.describe(parseDatasetName(name));
    return { summary: summarize(dataset), schema: decodeSchema(dataset.facts.schemaHeader) };
  }

  async dropDataset(_context: CallContext, name: string): Promise<void> {
    await this.#writer.drop(parseDatasetName(name));
  }

  /** The dataset that a descriptor asks for, and which part of it. */
  async #find(descriptor: FlightDescriptor) {
    const command = flightCommandFromDescriptor(descriptor);
    const dataset = await this.#reader.describe(command.dataset);
    try {
      return { command, dataset, part: selectPart(dataset.facts, command) };
    } catch (reason) {
      throw toStoreError(reason, "read", dataset.name);
    }
  }

  async *#list(after: string, matches: (name: string) => boolean): AsyncGenerator<DescribedDataset, void, undefined> {
    const names = listNames(this.#root, { after, onLeftOut: (path, why) => this.#leftOut.report(path, why) });
    const described = mapInOrder(filter(names, matches), listingConcurrencyMax, (name) => this.#describeIfSound(name));
    for await (const dataset of described) if (dataset !== undefined) yield dataset;
  }

  /** A dataset for a listing; undefined where it is gone by now, or unsound, or busy being changed: none fails a list. */
  async #describeIfSound(name: DatasetName): Promise<DescribedDataset | undefined> {
    try {
      return await this.#reader.describe(name);
    } catch (reason) {
      // Out of file handles or workers is no dataset's fault: a list cut short by it would look complete.
      if (!(reason instanceof FlightError) || reason.code === "unavailable") throw reason;
      if (reason.code !== "not_found" && !isUnreadable(reason)) this.#leftOut.report(name, reason.message);
      return undefined;
    }
  }

  #toInfo(context: CallContext, { name, version, facts }: DescribedDataset) {
    return createDatasetInfo({
      name,
      schemaHeader: facts.schemaHeader,
      rowCount: facts.rowCount,
      byteLength: version.byteLength,
      locations: ownLocations(context, this.#advertise),
    });
  }
}

async function* filter<T>(
  source: AsyncIterable<T>,
  isWanted: (item: T) => boolean,
): AsyncGenerator<T, void, undefined> {
  for await (const item of source) if (isWanted(item)) yield item;
}

function summarize({ name, version, facts, columnCount }: DescribedDataset): DatasetSummary {
  return { name, rowCount: facts.rowCount, byteLength: version.byteLength, columnCount, changed: version.changed };
}
