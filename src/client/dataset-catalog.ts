import { create } from "@bufbuild/protobuf";
import { createClient, type Client, type Transport } from "@connectrpc/connect";
import {
  DatasetService,
  ListDatasetsRequestSchema,
  type Dataset,
  type DescribeServerResponse,
  type GetDatasetResponse,
  type PreviewRowsResponse,
} from "../gen/hangar/v1/dataset_service_pb.ts";
import { callOptionNames, checkOptions, type OptionNames } from "./check-options.ts";
import type { Credentials } from "./credentials.ts";
import { runUnary, type CallOptions, type CallRequest } from "./run-call.ts";
import { startTimeLimit } from "./time-limit.ts";

/** Options of `DatasetCatalogClient.previewRows`. */
export interface PreviewOptions extends CallOptions {
  /** Names of columns; all columns by default. */
  readonly columns?: readonly string[];
  /** The filter for rows, such as `fare > 10 and vendor in ('CMT')`; all rows by default. */
  readonly filter?: string;
  /** The number of filtered rows to skip; 0 by default. */
  readonly offset?: number;
  /** The maximum number of rows, 1 to 1000; 20 by default. */
  readonly limit?: number;
}

const previewOptionNames: OptionNames<PreviewOptions> = {
  ...callOptionNames,
  columns: true,
  filter: true,
  offset: true,
  limit: true,
};

const listOptionNames: OptionNames<CallOptions & { readonly pageSize?: number }> = {
  ...callOptionNames,
  pageSize: true,
};

const describeOptionNames: OptionNames<CallOptions & { readonly statistics?: boolean }> = {
  ...callOptionNames,
  statistics: true,
};

/**
 * A client of `hangar.v1.DatasetService`, which Hangar servers offer besides Flight: paged listings with patterns,
 * times of the last put, previews.
 */
export class DatasetCatalogClient {
  readonly #client: Client<typeof DatasetService>;
  readonly #headers: Headers;
  readonly #credentials: Credentials | undefined;

  /**
   * @param headers - the request headers of every call; changes apply to later calls
   * @param credentials - the caller's credentials, for calls without the header `authorization`
   */
  constructor(transport: Transport, headers: Headers, credentials?: Credentials) {
    this.#client = createClient(DatasetService, transport);
    this.#headers = headers;
    this.#credentials = credentials;
  }

  /**
   * Lists datasets in the order of their names. Each page is requested when it is needed.
   *
   * @param glob - the glob pattern of names (see `compileGlob`); all names by default
   * @param options - `pageSize` is 1 to 1000; 100 by default
   */
  async *list(
    glob = "",
    options: CallOptions & { readonly pageSize?: number } = {},
  ): AsyncGenerator<Dataset, void, undefined> {
    checkOptions(options, listOptionNames);
    const { pageSize = 0, ...callOptions } = options;
    const leftMs = startTimeLimit(options.timeoutMs);
    let pageToken = "";
    do {
      const request = create(ListDatasetsRequestSchema, { glob, pageToken, pageSize });
      const pageOptions = { ...callOptions, timeoutMs: leftMs() };
      const page = await runUnary(this.#call(pageOptions), (each) => this.#client.listDatasets(request, each));
      yield* page.datasets;
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
  }

  /**
   * Describes a dataset, with its schema as text.
   *
   * @param options - `statistics` requests the statistics of row groups and columns; false by default
   * @throws FlightError NOT_FOUND
   */
  async get(name: string, options: CallOptions & { readonly statistics?: boolean } = {}): Promise<GetDatasetResponse> {
    checkOptions(options, describeOptionNames);
    const { statistics = false, ...callOptions } = options;
    const request = { name, statistics };
    return await runUnary(this.#call(callOptions), (each) => this.#client.getDataset(request, each));
  }

  /**
   * Returns some rows as JSON. docs/rows.md describes the JSON of each type.
   *
   * @throws FlightError NOT_FOUND; INVALID_ARGUMENT if a column or the filter is wrong
   */
  async previewRows(name: string, options: PreviewOptions = {}): Promise<PreviewRowsResponse> {
    checkOptions(options, previewOptionNames);
    const { columns = [], filter = "", offset = 0, limit = 0, ...callOptions } = options;
    const request = { name, columns: [...columns], filter, offset: BigInt(offset), limit };
    return await runUnary(this.#call(callOptions), (each) => this.#client.previewRows(request, each));
  }

  /** Returns the features of the server. @throws FlightError UNIMPLEMENTED if it is not a Hangar server */
  async describeServer(options: CallOptions = {}): Promise<DescribeServerResponse> {
    return await runUnary(this.#call(options), (each) => this.#client.describeServer({}, each));
  }

  /** Deletes a dataset. @throws FlightError NOT_FOUND */
  async drop(name: string, options: CallOptions = {}): Promise<void> {
    await runUnary(this.#call(options), (each) => this.#client.dropDataset({ name }, each));
  }

  #call(options: CallOptions): CallRequest {
    checkOptions(options, callOptionNames);
    return { clientHeaders: this.#headers, credentials: this.#credentials, options };
  }
}
