import { create, toBinary } from "@bufbuild/protobuf";
import { anyPack, AnySchema } from "@bufbuild/protobuf/wkt";
import type { RecordBatch, Schema } from "apache-arrow";
import {
  createCommandDescriptor,
  createFrame,
  createPathDescriptor,
  FlightError,
  frameByteLength,
  type FlightFrame,
} from "../flight/index.ts";
import {
  appendedName,
  compactActionType,
  type CompactedFile,
  createAppendId,
  createFileUrl,
  dropActionType,
  encodeCommand,
  encodeCompactCommand,
  type FileUrlOptions,
  rowCountHeader,
  splitName,
} from "../dataset/index.ts";
import { decodeMessage, decodeSchemaMessage } from "../arrow/index.ts";
import type { FlightDescriptor } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { CommandStatementQuerySchema } from "../gen/arrow/flight/protocol/sql/flight_sql_pb.ts";
import { runAttempts, toHeaders } from "./call-attempts.ts";
import {
  appendOptionNames,
  callOptionNames,
  checkOptions,
  compactOptionNames,
  downloadOptionNames,
  fileOptionNames,
  getOptionNames,
  putOptionNames,
  readingOptionNames,
} from "./check-options.ts";
import { createCredentials, type Credentials } from "./credentials.ts";
import { DatasetCatalogClient } from "./dataset-catalog.ts";
import { createDatasetDescriptor } from "./dataset-descriptor.ts";
import { DatasetInfo } from "./dataset-info.ts";
import type {
  Appended,
  AppendOptions,
  CompactOptions,
  DatasetClientOptions,
  GetOptions,
  PutOptions,
  ReadingOptions,
  Stored,
} from "./dataset-options.ts";
import { toArrowSchema } from "./decode-batches.ts";
import { fetchFile, type GetFile } from "./fetch-file.ts";
import { FlightClient } from "./flight-client.ts";
import type { FlightReader } from "./read-endpoint.ts";
import { openCurrent } from "./open-current.ts";
import { readFlight } from "./read-flight.ts";
import { RecordBatches, type Progress } from "./record-batches.ts";
import type { CallOptions } from "./run-call.ts";
import { toFrames, type TableData } from "./table-data.ts";
import { startTimeLimit } from "./time-limit.ts";
import { uploadFile } from "./upload-file.ts";

/**
 * A client that puts, gets, lists, describes and drops datasets. It follows the contract of the Arrow cookbook's Flight
 * recipe: a path names a dataset, and the action `drop_dataset` deletes it. All errors are FlightErrors.
 */
export class DatasetClient {
  /** The client of all RPCs of Flight. */
  readonly flight: FlightClient;
  /** The client of `hangar.v1.DatasetService`, which Hangar servers have. */
  readonly datasets: DatasetCatalogClient;
  readonly #reader: FlightReader;
  readonly #options: DatasetClientOptions;
  readonly #credentials: Credentials | undefined;

  /** @param options - see `connect`, which sets them */
  constructor(options: DatasetClientOptions) {
    const { url, openTransport, headers, headersFor } = options;
    const transport = openTransport(url);
    // A separate client exchanges the password, because the exchange must not wait for its own result.
    const credentials = createCredentials(options, async (...exchange) => {
      return await new FlightClient(transport, { headers }).authenticateBasic(...exchange);
    });
    this.#options = options;
    this.#credentials = credentials;
    this.flight = new FlightClient(transport, { headers, credentials });
    this.datasets = new DatasetCatalogClient(transport, this.flight.headers, credentials);
    this.#reader = {
      url,
      client: this.flight,
      clientOf: (other) => new FlightClient(openTransport(other), { headers: headersFor?.(other) }),
      fetch: options.fetch ?? ((...request) => globalThis.fetch(...request)),
    };
  }

  /**
   * Puts a dataset. The server has stored it when the promise resolves. Batches are split into batches of about 2 MiB.
   *
   * A Hangar server does not store an upload that is interrupted by the signal or by an error of the source. If the
   * connection is lost after the last batch, the client cannot know whether the dataset is stored.
   *
   * A Blob or File must be a Parquet file or an Arrow IPC stream. It is uploaded unchanged over HTTP, and its progress
   * has only bytes. A Hangar server stores a Parquet file unchanged.
   *
   * @returns the name of the dataset, and the rows and bytes that were put
   * @throws FlightError with the server's code and message; CANCELLED by the signal; errors of the source
   */
  async put(name: string, data: TableData | Blob, options: PutOptions = {}): Promise<Stored> {
    checkOptions(options, putOptionNames);
    const { mode, ...appendOptions } = options;
    if (mode === "append") return await this.append(name, data, appendOptions);
    const { id: _, rowCount, onProgress, ...ownOptions } = appendOptions;
    const callOptions = withRowCount(ownOptions, rowCount);
    if (data instanceof Blob)
      return { name, ...(await this.#upload(name, data, { ...callOptions, mode, onProgress })) };
    const path = splitName(name);
    const descriptor =
      mode === undefined
        ? createPathDescriptor(path)
        : createCommandDescriptor(encodeCommand({ dataset: path.join("/"), mode }));
    let progress: Progress = { rowCount: 0, byteLength: 0 };
    const frames = describedBy(descriptor, toFrames(data), (frame) => {
      const message = decodeMessage(frame.header);
      const rowCount = message.kind === "record_batch" ? message.layout.rowCount : 0;
      progress = { rowCount: progress.rowCount + rowCount, byteLength: progress.byteLength + frameByteLength(frame) };
      if (message.kind === "record_batch") onProgress?.(progress);
    });
    // The acknowledgements contain nothing beyond the end of the call.
    for await (const _ of this.flight.doPut(frames, callOptions));
    return { name, ...progress };
  }

  /**
   * Appends data to a folder: puts it as one more dataset of the folder, whose name sorts by time. An append that is
   * repeated with the same id is stored once.
   *
   * @param folder - the segments of its path, joined by `/`
   * @returns the name of the dataset, and the rows and bytes that were put
   * @throws FlightError as `put`; INVALID_ARGUMENT if the id is not allowed
   */
  async append(folder: string, data: TableData | Blob, options: AppendOptions = {}): Promise<Appended> {
    checkOptions(options, appendOptionNames);
    const { id, ...putOptions } = options;
    const name = appendedName(folder, id ?? createAppendId());
    try {
      return { ...(await this.put(name, data, { ...putOptions, mode: "create" })), isNew: true };
    } catch (reason) {
      const isRepeated = id !== undefined && reason instanceof FlightError && reason.code === "already_exists";
      if (!isRepeated) throw reason;
      return { name, isNew: false, rowCount: 0, byteLength: 0 };
    }
  }

  /**
   * Joins the small files of a folder on a Hangar server. Readers of the folder see the same rows all the time. If the call
   * ends early, the files that are joined until then stay joined.
   *
   * @param folder - the segments of its path, joined by `/`. With `/**` at its end, the folders in it are compacted, too.
   * @returns the new files
   * @throws FlightError ABORTED if another compaction of the folder runs, or if a file was replaced or dropped meanwhile;
   * NOT_FOUND; PERMISSION_DENIED
   */
  async compact(folder: string, options: CompactOptions = {}): Promise<CompactedFile[]> {
    checkOptions(options, compactOptionNames);
    const { targetBytes, olderThanSeconds, sortBy, dryRun, onFile, ...callOptions } = options;
    const body = encodeCompactCommand({ folder, targetBytes, olderThanSeconds, sortBy, dryRun });
    const files: CompactedFile[] = [];
    for await (const result of this.flight.doAction({ type: compactActionType, body }, callOptions)) {
      const file = JSON.parse(new TextDecoder().decode(result.body)) as CompactedFile;
      files.push(file);
      onFile?.(file);
    }
    return files;
  }

  /**
   * Downloads a dataset, or a part of it, as a file from a Hangar server, with the headers and credentials of the
   * client. Resolves when the head of the response has arrived. The caller reads or cancels the body.
   *
   * @throws FlightError with the server's code and message; NOT_FOUND if the dataset does not exist
   */
  async file(name: string, options: FileUrlOptions & CallOptions = {}): Promise<Response> {
    checkOptions(options, downloadOptionNames);
    const { signal, timeoutMs, headers: own, onHeader, onTrailer: _, ...part } = options;
    const url = this.url(name, part);
    const request = {
      clientHeaders: this.flight.headers,
      credentials: this.#credentials,
      options: { signal, timeoutMs, headers: own, onHeader },
    };
    const get: GetFile = this.#options.getFile ?? this.#reader.fetch;
    return await runAttempts(request, (each) => fetchFile(get, { url, headers: toHeaders(each) }, each.options));
  }

  /** Returns the URL of a dataset, or of a part of it, as a file on a Hangar server: for DuckDB, a link or `fetch`. */
  url(name: string, options: FileUrlOptions = {}): string {
    checkOptions(options, fileOptionNames);
    return createFileUrl(this.#options.url, name, options);
  }

  /**
   * Gets a dataset, or a part of it. The call starts when the result is read. It starts again if the dataset is replaced
   * before the first batch is there.
   */
  get(name: string, options: GetOptions = {}): RecordBatches {
    return new RecordBatches((onSchema) => {
      checkOptions(options, getOptionNames);
      return this.#readCurrent(createDatasetDescriptor(name, options), options, onSchema);
    });
  }

  /**
   * Runs a query on a Flight SQL server, and returns the result of all its endpoints. The query runs each time the
   * result is read.
   */
  sql(query: string, options: ReadingOptions = {}): RecordBatches {
    const command = anyPack(CommandStatementQuerySchema, create(CommandStatementQuerySchema, { query }));
    const descriptor = createCommandDescriptor(toBinary(AnySchema, command));
    return new RecordBatches((onSchema) => {
      checkOptions(options, readingOptionNames);
      return this.#read(descriptor, options, onSchema);
    });
  }

  /** Lists the datasets in the server's order. A Hangar server accepts a glob pattern of names (see `compileGlob`). */
  async *list(glob = "", options: CallOptions = {}): AsyncGenerator<DatasetInfo, void, undefined> {
    for await (const flight of this.flight.listFlights(glob, options)) yield new DatasetInfo(flight);
  }

  /** Describes a dataset. @throws FlightError NOT_FOUND */
  async info(name: string, options: CallOptions = {}): Promise<DatasetInfo> {
    return new DatasetInfo(await this.flight.getFlightInfo(createPathDescriptor(splitName(name)), options));
  }

  /** Returns the schema of a dataset. @throws FlightError NOT_FOUND */
  async schema(name: string, options: CallOptions = {}): Promise<Schema> {
    checkOptions(options, callOptionNames);
    const leftMs = startTimeLimit(options.timeoutMs);
    try {
      const { schema } = await this.flight.getSchema(createPathDescriptor(splitName(name)), options);
      return toArrowSchema(decodeSchemaMessage(schema));
    } catch (reason) {
      // pyarrow's servers have no GetSchema unless their author implements it.
      if (!(reason instanceof FlightError) || reason.code !== "unimplemented") throw reason;
      return (await this.info(name, { ...options, timeoutMs: leftMs() })).schema;
    }
  }

  /** Deletes a dataset. @throws FlightError NOT_FOUND */
  async drop(name: string, options: CallOptions = {}): Promise<void> {
    const body = new TextEncoder().encode(splitName(name).join("/"));
    for await (const _ of this.flight.doAction({ type: dropActionType, body }, options));
  }

  /** Closes the connections. Running calls end with an error. A later call opens a new connection. */
  close(): void {
    this.#options.close?.();
  }

  async #upload(name: string, file: Blob, options: PutOptions): Promise<Progress> {
    const { mode, onProgress, onHeader, onTrailer } = options;
    const onSent = (byteLength: number): void => onProgress?.({ rowCount: 0, byteLength });
    const request = { clientHeaders: this.flight.headers, credentials: this.#credentials, options };
    const answerHeader = await runAttempts(request, async (each) => {
      const header = toHeaders(each);
      if (mode === "create") header.set("if-none-match", "*");
      return await uploadFile(this.#options.sendFile, { url: this.url(name), file, header, onSent }, each.options);
    });
    onHeader?.(answerHeader);
    // As after a call without trailers.
    onTrailer?.(new Headers());
    return { rowCount: 0, byteLength: file.size };
  }

  async *#readCurrent(
    descriptor: FlightDescriptor,
    options: ReadingOptions,
    onSchema: (schema: Schema) => void,
  ): AsyncGenerator<RecordBatch, void, undefined> {
    const leftMs = startTimeLimit(options.timeoutMs);
    let schemas: Schema[] = [];
    const batches = await openCurrent(async () => {
      schemas = [];
      return this.#read(descriptor, { ...options, timeoutMs: leftMs() }, (schema) => schemas.push(schema));
    });
    for (const schema of schemas) onSchema(schema);
    yield* batches;
  }

  async *#read(
    descriptor: FlightDescriptor,
    options: ReadingOptions,
    onSchema: (schema: Schema) => void,
  ): AsyncGenerator<RecordBatch, void, undefined> {
    const { signal, timeoutMs, headers, onHeader, onTrailer, onProgress } = options;
    const callOptions = { signal, headers, onHeader, onTrailer };
    const leftMs = startTimeLimit(timeoutMs);
    const info = await this.flight.getFlightInfo(descriptor, { ...callOptions, timeoutMs });
    const { rowCount: rowCountTotal } = new DatasetInfo(info);
    if (info.endpoint.length === 0) onSchema(new DatasetInfo(info).schema);
    const { endpointsAtOnceMax } = this.#options;
    const reading = { ...callOptions, timeoutMs: leftMs(), endpointsAtOnceMax };
    let progress: Progress = { rowCount: 0, byteLength: 0, rowCountTotal };
    for await (const batch of readFlight(this.#reader, info, reading, onSchema)) {
      const byteLength = progress.byteLength + batch.data.byteLength;
      progress = { rowCount: progress.rowCount + batch.numRows, byteLength, rowCountTotal };
      onProgress?.(progress);
      yield batch;
    }
  }
}

/** Adds the declared number of rows to the headers. Other servers ignore it. */
function withRowCount(options: CallOptions, rowCount: number | undefined): CallOptions {
  if (rowCount === undefined) return options;
  const headers = new Headers(options.headers);
  headers.set(rowCountHeader, `${rowCount}`);
  return { ...options, headers };
}

async function* describedBy(
  descriptor: FlightDescriptor,
  frames: AsyncIterable<FlightFrame>,
  onTaken: (frame: FlightFrame) => void,
): AsyncGenerator<FlightFrame, void, undefined> {
  let isFirst = true;
  for await (const frame of frames) {
    yield isFirst ? createFrame({ ...frame, descriptor }) : frame;
    isFirst = false;
    onTaken(frame);
  }
}
