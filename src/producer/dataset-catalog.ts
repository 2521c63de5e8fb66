import type { Schema } from "../arrow/index.ts";
import type { CallContext } from "./call-context.ts";

/** What is known of a dataset without reading its rows. */
export interface DatasetSummary {
  /** The segments of its path, joined by `/`. */
  readonly name: string;
  /** Rows, from the footer; -1 where they are not known. */
  readonly rowCount: bigint;
  /** Bytes of the file; -1 where they are not known. */
  readonly byteLength: bigint;
  /** Columns at the top level. */
  readonly columnCount: number;
  /** When it was last put; undefined where nobody can tell. */
  readonly changed: Date | undefined;
}

/** Which part of the listing is asked for. */
export interface DatasetPageRequest {
  /** At most so many datasets, at least 1. */
  readonly pageSize: number;
  /** Only names after this one, in order of UTF-8 bytes; empty for the first page. */
  readonly after: string;
  /**
   * Only names that match as a whole: `*` and `?` within a segment, `**` over segments, `[abc]`, `{a,b}`; empty
   * for all.
   */
  readonly glob: string;
}

/** A page of datasets, in order of the UTF-8 bytes of their names. */
export interface DatasetPage {
  readonly datasets: readonly DatasetSummary[];
  /** Whether more names follow. */
  readonly more: boolean;
}

/** What `hangar.v1.DatasetService` is served from. */
export interface DatasetCatalog {
  /** Lists datasets; one that cannot be read is left out. */
  listDatasets(context: CallContext, page: DatasetPageRequest): Promise<DatasetPage>;
  /** Describes one dataset, or throws NOT_FOUND. */
  getDataset(context: CallContext, name: string): Promise<{ summary: DatasetSummary; schema: Schema }>;
  /** Deletes a dataset, or throws NOT_FOUND. */
  dropDataset(context: CallContext, name: string): Promise<void>;
}
