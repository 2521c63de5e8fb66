import {
  compactActionType,
  compileGlob,
  decodeCompactCommand,
  nameDatasetIn,
  parseDatasetName,
  putResultTrailer,
} from "../dataset/index.ts";
import { decodeSchema, encodeSchemaMessage } from "../arrow/index.ts";
import { FlightError, type FlightFrame, type MessageBudget } from "../flight/index.ts";
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
  runPut,
  throwIfAborted,
  type CallContext,
  type DatasetCatalog,
  type DatasetFiles,
  type DatasetPage,
  type DatasetPageRequest,
  type DatasetSummary,
  type FlightProducer,
} from "../producer/index.ts";
import { factsKey } from "./known-facts.ts";
import { LeftOutLog, silentLog, type ListedFile, type Storage, type StorageLog } from "../storage/index.ts";
import { Answers } from "./answers.ts";
import { createDatasetFiles } from "./dataset-files.ts";
import { Compactor } from "./compact/compact.ts";
import { Datasets } from "./datasets.ts";
import { ReplacedFiles } from "./folder/replaced-files.ts";
import { RunningReads } from "./folder/running-reads.ts";
import { DatasetReader, isUnreadable, type DescribedDataset } from "./dataset-reader.ts";
import { DatasetWriter } from "./dataset-writer.ts";
import { listingConcurrencyMax } from "./limits.ts";
import { mapInOrder } from "./map-in-order.ts";
import { createPartInfo } from "./part-flight.ts";
import { selectPart } from "./select-part.ts";

/** Options of a dataset store. */
export interface DatasetStoreOptions {
  /** The storage of the datasets. The store closes it. */
  readonly storage: Storage;
  /** The worker threads that encode and decode Parquet. The caller closes the pool, after the store. */
  readonly pool: ParquetPool;
  /** The location in FlightInfos, such as `grpc+tls://flights.example:443`. By default, the address that the client used. */
  readonly advertise?: string;
  /**
   * The locations of all servers over the same storage, this one included. The endpoints of a command are spread over
   * them. By default, this server has all endpoints.
   */
  readonly peers?: readonly string[];
  /** The log of datasets that cannot be read; no log by default. */
  readonly log?: StorageLog;
}

/** A producer that serves the Parquet files of a storage. */
export interface DatasetStore extends FlightProducer, DatasetCatalog {
  /** Names may be patterns. */
  readonly readsFolders: true;
  /** The same datasets as files. */
  readonly files: DatasetFiles;
  /** Returns whether the storage answers now. */
  isReady(signal: AbortSignal): Promise<boolean>;
  /** Releases the resources of the store and closes the storage. Call it after all calls have ended. */
  close(): Promise<void>;
}

/**
 * Creates a dataset store: a producer for the Parquet files of a storage. It follows the contract of the Arrow cookbook's
 * recipe: the file `a/b.parquet` is the dataset with the path [`a`, `b.parquet`] and the ticket `a/b.parquet`.
 */
export function createDatasetStore(options: DatasetStoreOptions): DatasetStore {
  return new ParquetStore({ ...options, log: options.log ?? silentLog });
}

/** A value that is there now, or later. */
type MaybeLater<T> = T | Promise<T>;

class ParquetStore implements DatasetStore {
  readonly servesDatasets = true;
  readonly readsFolders = true;
  readonly files: DatasetFiles;
  readonly messageBudget: MessageBudget;
  readonly #storage: Storage;
  readonly #writer: DatasetWriter;
  readonly #advertise: string | undefined;
  readonly #peers: readonly string[];
  readonly #reader: DatasetReader;
  readonly #datasets: Datasets;
  readonly #compactor: Compactor;
  readonly #answers = new Answers();
  readonly #leftOut: LeftOutLog;

  constructor({ storage, pool, advertise, peers = [], log }: DatasetStoreOptions & { readonly log: StorageLog }) {
    this.#storage = storage;
    this.messageBudget = pool.uploads.claims;
    this.#advertise = advertise;
    this.#peers = peers;
    this.#reader = new DatasetReader(storage, pool, log);
    const replaced = new ReplacedFiles(storage);
    const reads = new RunningReads();
    this.#datasets = new Datasets({ storage, pool, reader: this.#reader, replaced, reads });
    this.#leftOut = new LeftOutLog(log);
    this.#writer = new DatasetWriter(storage, pool, (version) => {
      this.#datasets.noteChange();
      this.#reader.learn(version);
    });
    this.#compactor = new Compactor({
      storage,
      pool,
      reader: this.#reader,
      writer: this.#writer,
      replaced,
      reads,
      log,
    });
    this.files = createDatasetFiles(this.#datasets, this.#writer, { storage, pool });
  }

  async isReady(signal: AbortSignal): Promise<boolean> {
    return await this.#storage.isReachable(signal);
  }

  async close(): Promise<void> {
    await this.#reader.close();
    await this.#storage.close();
  }

  async *listFlights(context: CallContext, criteria: Criteria) {
    const locations = ownLocations(context, this.#advertise);
    for await (const dataset of this.#list(context, "", datasetMatcher(criteria))) {
      throwIfAborted(context.signal);
      yield this.#infoOf(dataset, locations, { onlyIfRoom: true });
    }
  }

  async getFlightInfo(context: CallContext, descriptor: FlightDescriptor) {
    const { command, dataset, part } = await this.#find(context, descriptor);
    const locations = ownLocations(context, this.#advertise);
    if (!isCommand(descriptor)) return this.#infoOf(dataset, locations);
    return createPartInfo({
      descriptor,
      command,
      dataset,
      part,
      locations,
      peers: this.#peers,
      origin: context.origin,
    });
  }

  /** A dataset is there or it is not: the first poll is already the last. */
  async pollFlightInfo(context: CallContext, descriptor: FlightDescriptor) {
    return { info: await this.getFlightInfo(context, descriptor), progress: 1 };
  }

  async getSchema(context: CallContext, descriptor: FlightDescriptor) {
    const { dataset, part } = await this.#find(context, descriptor);
    const create = () => ({ schema: encodeSchemaMessage(readSchemaHeader(dataset.facts, part.columnIndices)) });
    return isCommand(descriptor)
      ? create()
      : this.#answers.get(`schema ${factsKey(dataset.name, dataset.version)}`, create);
  }

  async *doGet(context: CallContext, ticket: Ticket): AsyncGenerator<FlightFrame, void, undefined> {
    assertNoFlightSql(ticket.ticket);
    yield* this.#datasets.read(ticket.ticket, context);
  }

  doPut(context: CallContext, frames: AsyncIterable<FlightFrame>) {
    return receivePut(context, frames, async (put, signal) => {
      const command = putCommandFromDescriptor(put.descriptor, context.requestHeader);
      const { claimUploadBytes, putLimits } = context;
      const call = { signal, claimUploadBytes, putLimits };
      return await runPut(command, put, async () => {
        const { dataset: name, mode, rowCount } = command;
        const { isNew } = await this.#writer.putFrames(put, { name, mode, rowCount }, call);
        context.responseTrailer.set(putResultTrailer, isNew ? "created" : "replaced");
        context.note?.({ dataset: name, right: isNew ? "write" : "replace" });
      });
    });
  }

  async *doAction(context: CallContext, action: Action) {
    if (action.type !== compactActionType) {
      return yield* runDatasetAction(action, (name) => this.#writer.drop(name));
    }
    for await (const file of this.#compactor.run(context, decodeCompactCommand(action.body))) {
      yield { body: new TextEncoder().encode(JSON.stringify(file)) };
    }
  }

  async *listActions() {
    yield dropDatasetAction;
    yield { type: compactActionType, description: "Join the small files of a folder." };
  }

  async listDatasets(context: CallContext, page: DatasetPageRequest): Promise<DatasetPage> {
    const datasets: DatasetSummary[] = [];
    for await (const dataset of this.#list(context, page.after, compileGlob(page.glob))) {
      throwIfAborted(context.signal);
      if (datasets.length === page.pageSize) return { datasets, more: true };
      datasets.push(summarize(dataset));
    }
    return { datasets, more: false };
  }

  async getDataset(context: CallContext, name: string) {
    const dataset = await this.#datasets.describe(parseDatasetName(name), context);
    return { summary: summarize(dataset), schema: decodeSchema(dataset.facts.schemaHeader) };
  }

  async dropDataset(_context: CallContext, name: string): Promise<void> {
    await this.#writer.drop(parseDatasetName(name));
  }

  /** Returns the FlightInfo of a whole dataset. */
  #infoOf(dataset: DescribedDataset, locations: readonly string[], options?: { readonly onlyIfRoom: boolean }) {
    const key = `info ${locations.join(" ")} ${factsKey(dataset.name, dataset.version)}`;
    return this.#answers.get(key, () => toInfo(dataset, locations), options);
  }

  /** The dataset that a descriptor asks for, and which part of it. */
  async #find(context: CallContext, descriptor: FlightDescriptor) {
    const command = flightCommandFromDescriptor(descriptor);
    // A filter makes the number of rows unknown, so that only its files matter.
    const selection = command.filter === undefined ? undefined : command;
    const dataset = await this.#datasets.describe(command.dataset, context, selection);
    try {
      return { command, dataset, part: selectPart(dataset.facts, command) };
    } catch (reason) {
      throw nameDatasetIn(reason, dataset.name);
    }
  }

  async *#list(
    { mayRead }: CallContext,
    after: string,
    matches: (name: string) => boolean,
  ): AsyncGenerator<DescribedDataset, void, undefined> {
    // What the caller may not know of is not looked at either, so that it takes no time.
    const describe = (file: ListedFile): MaybeLater<DescribedDataset | undefined> => {
      if (!matches(file.name)) return undefined;
      const may = mayRead?.(file.name) ?? true;
      if (typeof may === "boolean") return may ? this.#describeIfSound(file) : undefined;
      return may.then((isAllowed) => (isAllowed ? this.#describeIfSound(file) : undefined));
    };
    const described = mapInOrder(this.#storage.list({ after }), listingConcurrencyMax, describe);
    for await (const dataset of described) if (dataset !== undefined) yield dataset;
  }

  /**
   * Describes a dataset for a listing; undefined if it was removed, is not valid, or is being changed. None of these
   * fails the listing.
   */
  #describeIfSound(file: ListedFile): MaybeLater<DescribedDataset | undefined> {
    const leaveOut = (reason: unknown): undefined => {
      // Out of file handles or workers is no dataset's fault: a list cut short by it would look complete.
      if (!(reason instanceof FlightError) || reason.code === "unavailable") throw reason;
      if (reason.code !== "not_found" && !isUnreadable(reason)) this.#leftOut.report(file.name, reason.message);
    };
    try {
      const described = this.#reader.describeListed(file);
      return described instanceof Promise ? described.catch(leaveOut) : described;
    } catch (reason) {
      return leaveOut(reason);
    }
  }
}

/** Returns the FlightInfo of a whole dataset. */
function toInfo({ name, version, facts }: DescribedDataset, locations: readonly string[]) {
  const byteLength = BigInt(version.byteLength);
  const { schemaHeader, rowCount } = facts;
  return createDatasetInfo({ name, schemaHeader, rowCount, byteLength, locations });
}

function summarize({ name, version, facts, columnCount }: DescribedDataset): DatasetSummary {
  return {
    name,
    rowCount: facts.rowCount,
    byteLength: BigInt(version.byteLength),
    columnCount,
    changed: version.changed,
  };
}
