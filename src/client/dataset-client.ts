import { create, toBinary } from "@bufbuild/protobuf";
import { anyPack, AnySchema } from "@bufbuild/protobuf/wkt";
import type { Transport } from "@connectrpc/connect";
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
  createFileUrl,
  dropActionType,
  encodeCommand,
  type FileUrlOptions,
  type FilterInput,
  type PutMode,
  rowCountHeader,
} from "../dataset/index.ts";
import { decodeMessage, decodeSchemaMessage } from "../arrow/index.ts";
import type { FlightDescriptor } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { CommandStatementQuerySchema } from "../gen/arrow/flight/protocol/sql/flight_sql_pb.ts";
import { runAttempts, toHeaders } from "./call-attempts.ts";
import { createCredentials, type CredentialOptions, type Credentials } from "./credentials.ts";
import { DatasetCatalogClient } from "./dataset-catalog.ts";
import { DatasetInfo } from "./dataset-info.ts";
import { toArrowSchema } from "./decode-batches.ts";
import { FlightClient } from "./flight-client.ts";
import type { FlightReader } from "./read-endpoint.ts";
import { readFlight } from "./read-flight.ts";
import { RecordBatches, type Progress } from "./record-batches.ts";
import type { CallOptions, HeaderFields } from "./run-call.ts";
import { toFrames, type TableData } from "./table-data.ts";
import { startTimeLimit } from "./time-limit.ts";
import { uploadFile, type SendFile } from "./upload-file.ts";

/** What a client of datasets is made of. */
export interface DatasetClientOptions extends CredentialOptions {
  /** The server. */
  readonly url: URL;
  /** Makes the transport of a server: of this one, and of those that endpoints name. */
  readonly openTransport: (url: URL) => Transport;
  /** Go with every call to this server, such as `authorization`. */
  readonly headers?: HeaderFields | undefined;
  /**
   * Headers for another server that an endpoint names; none by default, as another server must not
   * see this one's credentials.
   */
  readonly headersFor?: ((url: URL) => HeaderFields | undefined) | undefined;
  /** Sends files to this server, on the way that its transport has: `createWebFileSender`, `createHttp2FileSender`. */
  readonly sendFile: SendFile;
  /** Fetches what endpoints offer for download; the global `fetch` by default. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Endpoints of one flight that are read at once. */
  readonly endpointsAtOnceMax: number;
  /** Frees what the transports hold. */
  readonly close?: (() => void) | undefined;
}

/** How a dataset is put. */
export interface PutOptions extends CallOptions {
  /**
   * What becomes of a dataset of the same name: `replace` puts in its place, `create` fails with ALREADY_EXISTS. Left
   * out, the server decides, and a Hangar server replaces; a mode is understood by Hangar servers alone.
   */
  readonly mode?: PutMode | undefined;
  /**
   * The rows that are put. A Hangar server refuses a put of another number with INVALID_ARGUMENT, and stores nothing: where
   * the data's source may end early and not throw. Other servers do not look at it.
   */
  readonly rowCount?: number | undefined;
  /** Told whenever the connection has taken a batch. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** How record batches are read. */
export interface ReadingOptions extends CallOptions {
  /** Told whenever a batch has come. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Which part of a dataset is got; all of it but the call options is understood by Hangar servers alone. */
export interface GetOptions extends ReadingOptions {
  /** Columns by name; all where left out. They come in the dataset's order. */
  readonly columns?: readonly string[] | undefined;
  /** Which rows: text such as `fare > 10 and vendor in ('CMT')`, or conditions that must all be met. */
  readonly filter?: FilterInput | undefined;
  /** Rows of those to skip. */
  readonly offset?: number | undefined;
  /** Rows at most. */
  readonly limit?: number | undefined;
  /** Into how many parts the server may divide the dataset, to be read at once. */
  readonly endpoints?: number | undefined;
}

/**
 * Puts, gets, lists, describes and drops datasets, by the contract of the Arrow cookbook's Flight recipe: a dataset is
 * named by a path, and dropped by the action `drop_dataset`. Every failure is a FlightError.
 */
export class DatasetClient {
  /** All that Flight can do besides. */
  readonly flight: FlightClient;
  /** `hangar.v1.DatasetService`, where the server has it. */
  readonly datasets: DatasetCatalogClient;
  readonly #reader: FlightReader;
  readonly #options: DatasetClientOptions;
  readonly #credentials: Credentials | undefined;

  constructor(options: DatasetClientOptions) {
    const { url, openTransport, headers, headersFor } = options;
    const transport = openTransport(url);
    // The exchange of a password is made in a client of its own, as it must not wait for its own result.
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
   * Puts a dataset. Batches are cut to about 2 MiB; dictionaries, nested types and nulls go as they are. When this
   * resolves, the server has stored it. An upload that is cut (by the signal, or because the data's source throws)
   * never is by a Hangar server; only where the connection is lost behind the last batch, nobody here knows.
   *
   * A Blob or File is a Parquet file, which a Hangar server keeps byte for byte, or an Arrow IPC stream; it is sent as it
   * lies, by HTTP. Its progress tells bytes, and no rows.
   *
   * @returns how much has been put
   * @throws FlightError with the code and the words of the server, CANCELLED by the signal; what the data's source throws
   */
  async put(name: string, data: TableData | Blob, options: PutOptions = {}): Promise<Progress> {
    const { mode, onProgress } = options;
    const callOptions = withRowCount(options);
    if (data instanceof Blob) return await this.#upload(name, data, callOptions);
    const path = toPath(name);
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
    // Acknowledgements on the way say nothing that the end of the call does not.
    for await (const _ of this.flight.doPut(frames, callOptions));
    return progress;
  }

  /** The URL by which a Hangar server has a dataset, or a part of it, as a file: for DuckDB, a link, `fetch`. */
  url(name: string, options: FileUrlOptions = {}): string {
    return createFileUrl(this.#options.url, name, options);
  }

  /** Gets a dataset, or a part of it. The call begins when the batches are asked for. */
  get(name: string, options: GetOptions = {}): RecordBatches {
    return new RecordBatches((onSchema) => this.#read(createDatasetDescriptor(name, options), options, onSchema));
  }

  /**
   * Runs a query on a server that speaks Flight SQL, and gives its result: all endpoints of it. The query runs anew
   * whenever the batches are asked for.
   */
  sql(query: string, options: ReadingOptions = {}): RecordBatches {
    const command = anyPack(CommandStatementQuerySchema, create(CommandStatementQuerySchema, { query }));
    const descriptor = createCommandDescriptor(toBinary(AnySchema, command));
    return new RecordBatches((onSchema) => this.#read(descriptor, options, onSchema));
  }

  /** Lists the datasets in the server's order; a Hangar server takes a pattern of names: `*`, `?`, `**`, `[abc]`, `{a,b}`. */
  async *list(glob = "", options: CallOptions = {}): AsyncGenerator<DatasetInfo, void, undefined> {
    for await (const flight of this.flight.listFlights(glob, options)) yield new DatasetInfo(flight);
  }

  /** Describes a dataset; throws NOT_FOUND where there is none of the name. */
  async info(name: string, options: CallOptions = {}): Promise<DatasetInfo> {
    return new DatasetInfo(await this.flight.getFlightInfo(createPathDescriptor(toPath(name)), options));
  }

  /** Gives the columns of a dataset; throws NOT_FOUND where there is none of the name. */
  async schema(name: string, options: CallOptions = {}): Promise<Schema> {
    const leftMs = startTimeLimit(options.timeoutMs);
    try {
      const { schema } = await this.flight.getSchema(createPathDescriptor(toPath(name)), options);
      return toArrowSchema(decodeSchemaMessage(schema));
    } catch (reason) {
      // pyarrow's servers have no GetSchema unless their author writes one.
      if (!(reason instanceof FlightError) || reason.code !== "unimplemented") throw reason;
      return (await this.info(name, { ...options, timeoutMs: leftMs() })).schema;
    }
  }

  /** Deletes a dataset; throws NOT_FOUND where there is none of the name. */
  async drop(name: string, options: CallOptions = {}): Promise<void> {
    const body = new TextEncoder().encode(toPath(name).join("/"));
    for await (const _ of this.flight.doAction({ type: dropActionType, body }, options));
  }

  /** Closes the connections; calls that are under way end with an error. A client that is used again opens new ones. */
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
    // As after a call whose answer has none.
    onTrailer?.(new Headers());
    return { rowCount: 0, byteLength: file.size };
  }

  async *#read(
    descriptor: FlightDescriptor,
    options: ReadingOptions,
    onSchema: (schema: Schema) => void,
  ): AsyncGenerator<RecordBatch, void, undefined> {
    const { signal, headers, onHeader, onTrailer, onProgress } = options;
    const leftMs = startTimeLimit(options.timeoutMs);
    const info = await this.flight.getFlightInfo(descriptor, options);
    const { rowCount: rowCountTotal } = new DatasetInfo(info);
    if (info.endpoint.length === 0) onSchema(new DatasetInfo(info).schema);
    const { endpointsAtOnceMax } = this.#options;
    const reading = { signal, timeoutMs: leftMs(), headers, onHeader, onTrailer, endpointsAtOnceMax };
    let progress: Progress = { rowCount: 0, byteLength: 0, rowCountTotal };
    for await (const batch of readFlight(this.#reader, info, reading, onSchema)) {
      const byteLength = progress.byteLength + batch.data.byteLength;
      progress = { rowCount: progress.rowCount + batch.numRows, byteLength, rowCountTotal };
      onProgress?.(progress);
      yield batch;
    }
  }
}

/** The options with the rows that are declared among their headers, which servers of others pass over. */
function withRowCount(options: PutOptions): PutOptions {
  const { rowCount } = options;
  if (rowCount === undefined) return options;
  const headers = new Headers(options.headers);
  headers.set(rowCountHeader, `${rowCount}`);
  return { ...options, headers };
}

function toPath(name: string): string[] {
  return name.split("/");
}

/** The descriptor of a dataset, or of a part of it: a path where all of it is asked for, a command of Hangar's otherwise. */
export function createDatasetDescriptor(
  name: string,
  { columns, filter, offset, limit, endpoints }: GetOptions = {},
): FlightDescriptor {
  const path = toPath(name);
  const command = { columns, filter, offset, limit, endpoints };
  return Object.values(command).every((value) => value === undefined)
    ? createPathDescriptor(path)
    : createCommandDescriptor(encodeCommand({ dataset: path.join("/"), ...command }));
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
