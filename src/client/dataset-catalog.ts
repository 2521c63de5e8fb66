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
import type { Credentials } from "./credentials.ts";
import { runUnary, type CallOptions, type CallRequest } from "./run-call.ts";
import { startTimeLimit } from "./time-limit.ts";

/** Which rows are previewed. */
export interface PreviewOptions extends CallOptions {
  readonly columns?: readonly string[];
  readonly filter?: string;
  /** Rows to skip. */
  readonly offset?: number;
  readonly limit?: number;
}

/** `hangar.v1.DatasetService`, which a Hangar server has beside Flight: listings by page and pattern, times of change. */
export class DatasetCatalogClient {
  readonly #client: Client<typeof DatasetService>;
  readonly #headers: Headers;
  readonly #credentials: Credentials | undefined;

  /**
   * @param headers - go with every call; may change meanwhile
   * @param credentials - say who calls, where no header does
   */
  constructor(transport: Transport, headers: Headers, credentials?: Credentials) {
    this.#client = createClient(DatasetService, transport);
    this.#headers = headers;
    this.#credentials = credentials;
  }

  /**
   * Lists datasets in the order of their names, page by page as they are asked for.
   *
   * @param glob - names must match it as a whole: `*`, `?`, `**` over segments, `[abc]`, `{a,b}`; all where left out
   * @param options - `pageSize` is 1 to 1000, 100 by default
   */
  async *list(
    glob = "",
    options: CallOptions & { readonly pageSize?: number } = {},
  ): AsyncGenerator<Dataset, void, undefined> {
    const leftMs = startTimeLimit(options.timeoutMs);
    let pageToken = "";
    do {
      const request = create(ListDatasetsRequestSchema, { glob, pageToken, pageSize: options.pageSize ?? 0 });
      const pageOptions = { ...options, timeoutMs: leftMs() };
      const page = await runUnary(this.#call(pageOptions), (each) => this.#client.listDatasets(request, each));
      yield* page.datasets;
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
  }

  /**
   * Describes a dataset, with a schema to read. Throws NOT_FOUND where there is none of the name.
   *
   * @param options - `statistics` asks for what the file's footer says of row groups and columns
   */
  async get(
    name: string,
    { statistics = false, ...options }: CallOptions & { readonly statistics?: boolean } = {},
  ): Promise<GetDatasetResponse> {
    const request = { name, statistics };
    return await runUnary(this.#call(options), (each) => this.#client.getDataset(request, each));
  }

  /**
   * Gives some rows as JSON: 20 where no `limit` is said, 1000 at most. What becomes of which type is told in
   * docs/rows.md. Throws INVALID_ARGUMENT where a column or the filter is wrong.
   *
   * @param options - `filter` is text, such as `fare > 10 and vendor in ('CMT')`
   */
  async previewRows(name: string, options: PreviewOptions = {}): Promise<PreviewRowsResponse> {
    const { columns = [], filter = "", offset = 0, limit = 0, ...callOptions } = options;
    const request = { name, columns: [...columns], filter, offset: BigInt(offset), limit };
    return await runUnary(this.#call(callOptions), (each) => this.#client.previewRows(request, each));
  }

  /** Tells what the server does with datasets. Throws UNIMPLEMENTED where it is no Hangar server. */
  async describeServer(options: CallOptions = {}): Promise<DescribeServerResponse> {
    return await runUnary(this.#call(options), (each) => this.#client.describeServer({}, each));
  }

  /** Deletes a dataset. Throws NOT_FOUND where there is none of the name. */
  async drop(name: string, options: CallOptions = {}): Promise<void> {
    await runUnary(this.#call(options), (each) => this.#client.dropDataset({ name }, each));
  }

  #call(options: CallOptions): CallRequest {
    return { clientHeaders: this.#headers, credentials: this.#credentials, options };
  }
}
