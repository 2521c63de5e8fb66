import type { Schema } from "../arrow/index.ts";
import type { CallContext } from "./call-context.ts";

/** The properties of a dataset that are known without reading rows. */
export interface DatasetSummary {
  /** The name: the segments of the path, joined by `/`. */
  readonly name: string;
  /** The number of rows; -1 if it is not known. */
  readonly rowCount: bigint;
  /** The stored size in bytes; -1 if it is not known. */
  readonly byteLength: bigint;
  /** The number of top-level columns. */
  readonly columnCount: number;
  /** The time of the last put; undefined if it is not known. */
  readonly changed: Date | undefined;
}

/** A request for one page of the list of datasets. */
export interface DatasetPageRequest {
  /** The maximum number of datasets in the page; at least 1. */
  readonly pageSize: number;
  /** The page starts after this name, in the order of UTF-8 bytes; empty for the first page. */
  readonly after: string;
  /** The glob pattern of names (see `compileGlob`); empty for all names. */
  readonly glob: string;
}

/** A page of datasets, in the order of the UTF-8 bytes of their names. */
export interface DatasetPage {
  /** The datasets of the page. */
  readonly datasets: readonly DatasetSummary[];
  /** Whether more datasets follow. */
  readonly more: boolean;
}

/** A dataset with its schema. */
export interface DatasetDescription {
  /** The properties of the dataset. */
  readonly summary: DatasetSummary;
  /** The schema of the dataset. */
  readonly schema: Schema;
}

/** Lists, describes and drops datasets. The server serves it as `hangar.v1.DatasetService`. */
export interface DatasetCatalog {
  /** As in `FlightProducer`. `elsewhere`: another server may read patterns, and does not know the rights of the caller. */
  readonly readsFolders?: boolean | "elsewhere";
  /** Lists datasets. A dataset that cannot be read is omitted. */
  listDatasets(context: CallContext, page: DatasetPageRequest): Promise<DatasetPage>;
  /** Describes one dataset. @throws FlightError NOT_FOUND */
  getDataset(context: CallContext, name: string): Promise<DatasetDescription>;
  /** Deletes a dataset. @throws FlightError NOT_FOUND */
  dropDataset(context: CallContext, name: string): Promise<void>;
}
